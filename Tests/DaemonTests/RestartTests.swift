import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// A program is never run twice at the same time, however often it dies.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct RestartTests {
    private static let settings = #""stop": {"timeout": "20ms"},"# + inScratch

    /// Kills a program again and again, as soon as it is up and holds its lock.
    private func killAgainAndAgain(_ count: Int, _ orders: [String]) throws {
        let lock = [Places.product("misbehave"), "--lock", "lock"]
        let daemon = try RunningDaemon([
            "web": program(lock + orders + ["--line", "up"], settings: Self.settings)
        ])
        var (next, pids) = (0, Set<Int>())
        func waitUntilUp() throws -> ProcessID {
            next = try daemon.process.output.waitForLine("up", from: next) { $0 == "web | up" }.next
            let pid = try #require(try daemon.status(of: "web").pid)
            pids.insert(pid)
            return ProcessID(rawValue: Int32(pid))
        }

        var process = try waitUntilUp()
        let descriptors = descriptorCount(of: daemon)
        for _ in 0..<count {
            try PidFD(opening: process).send(.kill)
            process = try waitUntilUp()
        }
        #expect(pids.count == count + 1)
        let status = try daemon.status(of: "web")
        #expect(status.restarts == count && status.failures == 0 && status.state == .running)
        #expect(daemon.scratch.text(of: "lock.violations") == "")
        #expect(descriptorCount(of: daemon) == descriptors)
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }

    private func descriptorCount(of daemon: RunningDaemon) -> Int {
        let path = "/proc/\(daemon.process.process)/fd"
        return (try? FileManager.default.contentsOfDirectory(atPath: path).count) ?? 0
    }

    @Test func `a program that is killed a thousand times is there once each time`() throws {
        try killAgainAndAgain(1_000, [])
    }

    @Test func `a program with a family is never started beside what is left of it`() throws {
        try killAgainAndAgain(100, ["--fork", "3"] + Array(repeating: "--daemonize", count: 5))
    }

    @Test func `orders from several sides at once start nothing twice`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave(
                "--lock",
                "lock",
                "--daemonize",
                "--line",
                "up",
                settings: Self.settings
            )
        ])
        let clients = try (0..<8).map { _ in try daemon.connect() }
        for round in 0..<10 {
            for (index, client) in clients.enumerated() {
                switch (index + round) % 3 {
                case 0: try client.send(Call.encode(Control.Restart(names: ["web"])))
                case 1: try client.send(Call.encode(Control.Start(names: ["web"])))
                default: try client.send(Call.encode(Control.Stop(names: ["web"], wait: false)))
                }
            }
            // What each is told depends on who comes last; all that counts is that each is told.
            for client in clients { _ = try client.receive() }
        }
        #expect(try daemon.start("web").map(\.state) == [.running])
        #expect(daemon.scratch.text(of: "lock.violations") == "")
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }
}
