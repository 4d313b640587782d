import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// What programs print and read goes on where it was.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ReexecLogTests {
    /// How many handovers in a row; `make reexec` asks for more.
    private static let count =
        ProcessEnvironment.variables["KEEPD_REEXECS"].flatMap { Int($0) } ?? 5

    /// Numbered lines as fast as they can be made, until it is told to stop.
    private static let counting =
        "trap 'exit 0' TERM; i=0; while :; do i=$((i+1)); echo \"line $i of many, and long\"; done"

    @Test func `fifty programs, five of which flood their logs, notice nothing`() throws {
        let quiet = (0..<45).map { ("quiet\($0)", shell("exec sleep 1000")) }
        let loud = (0..<5).map { number in
            let log = #""stdout": {"file": "loud\#(number).log"}, "stop": {"timeout": "30s"}"#
            return ("loud\(number)", shell(Self.counting, settings: log))
        }
        let programs = (quiet + loud).map { "\(json($0.0)): \($0.1)" }.joined(separator: ",\n")
        let scratch = try Scratch()
        try scratch.write(
            """
            {"daemon": {"socket": {"path": "keepd.sock"}, "logDirectory": "log",
            "stateDirectory": "state"},
            "defaults": {"start": {"settle": "0s"}}, "programs": {\(programs)}}
            """,
            to: "keepd.json"
        )
        let daemon = try RunningDaemon(
            configuration: scratch.path("keepd.json"),
            socketPath: scratch.path("keepd.sock"),
            scratch: scratch
        )
        try daemon.start("all")
        let pids = try daemon.status().map(\.pid)
        for _ in 0..<Self.count { _ = try daemon.call(Control.Reexec()) }
        #expect(try daemon.status().map(\.pid) == pids)
        #expect(try daemon.status().allSatisfy { $0.restarts == 0 })
        try daemon.stop("all")
        for number in 0..<5 {
            // There may be gigabytes of them.
            let check = "$2 != NR { print; exit } END { exit NR < 1000 }"
            let log = daemon.scratch.path("log/loud\(number).log")
            let run = try StartedProcess(["awk", check, log])
            #expect(try run.waitForEnd() == .exited(0))
            #expect(run.output.lines == [], "that is where loud\(number) is broken")
            let bytes = daemon.scratch.size(of: "log/loud\(number).log")
            #expect(try daemon.status(of: "loud\(number)").logBytes.stdout == bytes)
        }
    }

    @Test func `a log is followed by the next, and stamped, as if nothing had been`() throws {
        let log = #"""
            "stdout": {"file": "web.log", "maxSize": "100kB", "keep": 5000, "timestamps": true}
            """#
        let daemon = try RunningDaemon(["web": shell(Self.counting, settings: log)])
        try daemon.start("web")
        for _ in 0..<3 { _ = try daemon.call(Control.Reexec()) }
        try daemon.stop("web")
        let names = try FileManager.default.contentsOfDirectory(
            atPath: daemon.scratch.path("log")
        )
        let older = names.compactMap { Int($0.dropFirst("web.log.".count)) }.sorted(by: >)
        let files = older.map { "log/web.log.\($0)" } + ["log/web.log"]
        let lines = files.flatMap { daemon.scratch.lines(of: $0) }
        let found = lines.map { Int($0.split(separator: " ").dropFirst(2).first ?? "") ?? -1 }
        #expect(found == Array(1...max(1, found.count)))
        #expect(lines.allSatisfy { $0.dropFirst(26).hasPrefix("Z line ") })
        #expect(older.allSatisfy { daemon.scratch.size(of: "log/web.log.\($0)") <= 100_000 })
    }

    @Test func `a line that has begun is ended as one, and what was printed is remembered`() throws
    {
        let daemon = try RunningDaemon([
            "web": shell(
                "echo first; printf hal; read line; echo lo",
                settings: #""stdin": "pipe", "restart": "never""#
            )
        ])
        func tail() throws -> String {
            let answer = try daemon.call(Control.Tail(name: "web", bytes: 100))
            return String(decoding: answer.bytes, as: UTF8.self)
        }
        _ = try eventually("half a line") { try tail() == "first\nhal" ? true : nil }
        _ = try daemon.call(Control.Reexec())
        #expect(try tail() == "first\nhal")
        _ = try daemon.call(Control.WriteStdin(name: "web", bytes: Array("go\n".utf8)))
        try daemon.process.output.waitForLine("in one piece") { $0.hasSuffix("| hallo") }
        #expect(try daemon.status(of: "web").logBytes.stdout == 12)
    }

    @Test func `what a program has not read yet is kept for it`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                "read x <gate; head -c 1000000 | wc -c",
                settings: inScratch
                    + #", "autostart": false, "stdin": "pipe", "stdout": "web.log", "restart": "never""#
            )
        ])
        mkfifo(daemon.scratch.path("gate"), 0o600)
        let gate = open(daemon.scratch.path("gate"), O_RDWR | O_CLOEXEC)
        defer { close(gate) }
        try daemon.start("web")
        // More than the pipe holds.
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 500_000)
        _ = try daemon.call(Control.WriteStdin(name: "web", bytes: bytes))
        _ = try daemon.call(Control.Reexec())
        _ = try daemon.call(Control.WriteStdin(name: "web", bytes: bytes))
        #expect(write(gate, "go\n", 3) == 3)
        try daemon.waitForLog("web: exited: exit code 0")
        #expect(daemon.scratch.text(of: "log/web.log") == "1000000\n")
    }

    @Test func `a program on a terminal keeps it`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                "stty -echo; echo ready; while read line; do echo \"got $line\"; done",
                settings: #""tty": true"#
            )
        ])
        try daemon.process.output.waitForLine("that it reads") { $0.contains("| ready") }
        _ = try daemon.call(Control.Reexec())
        _ = try daemon.call(Control.WriteStdin(name: "web", bytes: Array("this\n".utf8)))
        try daemon.process.output.waitForLine("of what it read") { $0.contains("| got this") }
    }

    @Test func `who listens on a socket of keepd goes on to, and the next run as well`() throws {
        let port = try FreePorts(1)[0]
        let daemon = try RunningDaemon([
            "web": shell(
                "exec python3 -c \"$SCRIPT\"",
                settings: #"""
                    "sockets": {"http": "127.0.0.1:\#(port)"},
                    "environment": {"SCRIPT": \#(json(Server.upper))}
                    """#
            )
        ])
        try daemon.start("web")
        #expect(try Server(port).answer("a\n", until: "\n") == "A\n")
        _ = try daemon.call(Control.Reexec())
        #expect(try Server(port).answer("b\n", until: "\n") == "B\n")
        let pid = try daemon.status(of: "web").pid
        try daemon.restart("web")
        #expect(try daemon.status(of: "web").pid != pid)
        #expect(try Server(port).answer("c\n", until: "\n") == "C\n")
    }
}
