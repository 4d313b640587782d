import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// Many programs at once.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct CrowdTests {
    /// A daemon with so many of one kind, and perhaps another program.
    private func start(
        _ count: Int,
        _ program: String,
        besides other: String? = nil
    ) throws -> RunningDaemon {
        let scratch = try Scratch()
        let names = (0..<count).map { "\"p\($0)\": \(program)" }
        let programs = names + (other.map { ["\"steady\": \($0)"] } ?? [])
        try scratch.write(
            """
            {"daemon": {"socket": "keepd.sock", "logDirectory": "log", "stateDirectory": "state"},
            "defaults": {"start": {"settle": "0s"}},
            "programs": {\(programs.joined(separator: ",\n"))}}
            """,
            to: "keepd.json"
        )
        return try RunningDaemon(
            configuration: scratch.path("keepd.json"),
            socketPath: scratch.path("keepd.sock"),
            scratch: scratch
        )
    }

    private func descriptors(of daemon: RunningDaemon) throws -> Int {
        try FileManager.default
            .contentsOfDirectory(atPath: "/proc/\(daemon.process.process)/fd").count
    }

    @Test func `a thousand programs all run when told to, and are all gone when told to`() throws {
        let sleeper = program(["/bin/sleep", "1000"], settings: #""autostart": false"#)
        let daemon = try start(1_000, sleeper)
        var counts: [(running: Int, stopped: Int)] = []
        for _ in 1...2 {
            let started = try daemon.order("start", "all")
            #expect(started.count == 1_000 && started.allSatisfy { $0.hasSuffix(": started") })
            let programs = try daemon.printedStatus()
            #expect(programs.count == 1_000 && programs.allSatisfy { $0.state == .running })
            let pids = Set(programs.compactMap(\.pid))
            #expect(pids.count == 1_000)
            #expect(Set(daemon.survivors.map { Int($0.rawValue) }) == pids)
            let running = try descriptors(of: daemon)

            let stopped = try daemon.order("stop", "all")
            #expect(stopped.count == 1_000 && stopped.allSatisfy { $0.hasSuffix(": stopped") })
            #expect(try daemon.printedStatus().allSatisfy { $0.state == .stopped })
            #expect(daemon.survivors.isEmpty)
            counts.append((running, try descriptors(of: daemon)))
        }
        // What is kept over a stop are the pipes and the cgroup; the process itself is one more.
        #expect(counts.map { $0.running - $0.stopped } == [1_000, 1_000])
        #expect(counts[0].stopped == counts[1].stopped && counts[0].stopped < 7_100)
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `while five hundred crash at once, each question is answered, and rightly`() throws {
        let scratch = try Scratch()
        try #require(mkfifo(scratch.path("gate"), 0o600) == 0)
        // The first time they wait for each other, and after that they do not even come up.
        let script = "read word <'\(scratch.path("gate"))'; exit 3"
        let crashing = shell(script, settings: #""start": {"settle": "1h"}"#)
        let daemon = try start(500, crashing, besides: misbehave("--pause"))
        try eventually("all of them") {
            try daemon.status().allSatisfy { $0.pid != nil } ? () : nil
        }
        let steady = try #require(try daemon.status(of: "steady").pid)

        let gate = open(scratch.path("gate"), O_RDWR | O_CLOEXEC)
        try #require(gate >= 0)
        defer { close(gate) }
        try FileManager.default.removeItem(atPath: scratch.path("gate"))
        let words = [UInt8](repeating: UInt8(ascii: "\n"), count: 500)
        #expect(write(gate, words, words.count) == words.count)

        var crashes = 0
        repeat {
            let run = try Run([
                Places.product("keepctl"), "--socket", daemon.socketPath, "status",
            ])
            let lines = run.output.split(separator: "\n")
            #expect(lines.count == 501 && lines.contains { $0.contains("pid \(steady), uptime") })
            // What 3 says is that not all are running.
            #expect(run.error == "" && run.status == .exited(3))
            let programs = try daemon.status()
            #expect(programs.count == 501)
            #expect(programs.first { $0.name == "steady" }?.pid == steady)
            crashes = programs.map(\.failures).reduce(0, +)
        } while crashes < 1_500
        #expect(try daemon.status(of: "steady").restarts == 0)
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }
}
