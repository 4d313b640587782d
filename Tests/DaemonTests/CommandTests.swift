import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// What an operator types, and what comes of it.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct CommandTests {
    private func keepctl(_ daemon: RunningDaemon, _ arguments: String...) throws -> Run {
        try Run([Places.product("keepctl"), "--socket", daemon.socketPath] + arguments)
    }

    private static let failing = misbehave(
        "--line",
        "alas",
        "--exit-code",
        "3",
        settings: #""autostart": false, "restart": "never", "start": {"settle": "30s"}"#
    )

    @Test func `keepd shows what it has logged itself, and what it logs from then on`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        try daemon.start("web")
        let follower = try StartedProcess(
            [Places.product("keepctl"), "-s", daemon.socketPath, "maintail", "-f", "-n", "100"]
        )
        try follower.output.waitForLine("of the past") { $0.hasSuffix("info     web: running") }
        try daemon.stop("web")
        try follower.output.waitForLine("of now") { $0.hasSuffix("info     web: stopped") }
        let tail = try keepctl(daemon, "maintail", "-n", "2", "--json")
        let lines = try tail.output.split(separator: "\n").map { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
        }
        #expect(lines.map { $0?["message"] } == ["web: stopping", "web: stopped"])
        #expect(try keepctl(daemon, "reexec").output == "keepd: executed anew\n")
    }

    @Test func `a program is stopped, started and restarted, a line for each`() throws {
        let daemon = try RunningDaemon([
            "db": misbehave("--pause"), "web": misbehave("--pause", settings: #""instances": 2"#),
        ])
        try daemon.start("all")
        let stop = try keepctl(daemon, "stop", "web")
        #expect(stop.status == .exited(0) && stop.error == "")
        #expect(
            stop.output.split(separator: "\n").sorted() == ["web:0: stopped", "web:1: stopped"]
        )
        #expect(try daemon.status("web").allSatisfy { $0.state == .stopped })
        #expect(try keepctl(daemon, "start", "web:1").output == "web:1: started\n")
        let pid = try daemon.status(of: "db").pid
        #expect(try keepctl(daemon, "restart", "db").output == "db: restarted\n")
        #expect(try daemon.status(of: "db").pid != pid)
        #expect(try daemon.status().map(\.state) == [.running, .stopped, .running])
    }

    @Test func `status says how all programs are, and its exit status sums it up`() throws {
        let daemon = try RunningDaemon([
            "bad": Self.failing, "web": misbehave("--pause"),
        ])
        try daemon.start("web")
        let pid = try #require(try daemon.status(of: "web").pid)
        let all = try keepctl(daemon, "status")
        #expect(all.status == .exited(3))
        let lines = all.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("bad    STOPPED"))
        #expect(lines[1].hasPrefix("web    RUNNING   pid \(pid), uptime 0:00:"))
        #expect(try keepctl(daemon, "status", "web").status == .exited(0))
        #expect(try keepctl(daemon, "status", "wbe").status == .exited(4))
    }

    @Test func `status as JSON is what the daemon says`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave("--pause"), "db": misbehave("--pause"),
        ])
        try daemon.start("all")
        let run = try keepctl(daemon, "status", "--json")
        #expect(run.status == .exited(0))
        let programs = try JSONDecoder().decode([Program].self, from: Data(run.output.utf8))
        #expect(programs.map(\.name) == ["db", "web"])
        #expect(programs.map(\.pid) == (try daemon.status().map(\.pid)))
    }

    @Test func `a program that does not start is an error with its last words`() throws {
        let daemon = try RunningDaemon(["bad": Self.failing])
        let run = try keepctl(daemon, "start", "bad")
        #expect(run.status == .exited(1))
        #expect(run.output == "")
        #expect(run.error == "bad: cannot start: exit code 3\n  alas\n")
    }

    @Test func `a signal and the end of a log go by name`() throws {
        let script = "trap 'echo heard' HUP; echo up; while :; do sleep 3600 & wait; done"
        let daemon = try RunningDaemon(["web": shell(script)])
        try daemon.process.output.waitForLine("up") { $0 == "web | up" }
        #expect(try keepctl(daemon, "signal", "HUP", "web").output == "web: signalled\n")
        try daemon.process.output.waitForLine("heard") { $0 == "web | heard" }
        #expect(try keepctl(daemon, "tail", "web").output == "up\nheard\n")
        #expect(try keepctl(daemon, "tail", "-n1", "web").output == "heard\n")
    }

    @Test func `a line that is sent is read, and what is printed comes behind the names`() throws {
        let script = "while read -r line; do echo \"got $line\"; done"
        let daemon = try RunningDaemon([
            "cat": shell(script, settings: #""stdin": "pipe""#),
            "web": misbehave("--line", "hello", "--pause"),
        ])
        try daemon.process.output.waitForLine("hello") { $0 == "web | hello" }
        #expect(try keepctl(daemon, "send", "cat", "one", "two").output == "cat: sent\n")
        try daemon.process.output.waitForLine("one") { $0 == "cat | got one two" }
        #expect(try keepctl(daemon, "logs").output == "cat | got one two\nweb | hello\n")
    }

    @Test func `several programs are followed at once`() throws {
        let daemon = try RunningDaemon([
            "cat": shell("while read -r line; do echo $line; done", settings: #""stdin": "pipe""#),
            "web": misbehave("--line", "hello", "--pause"),
        ])
        try daemon.process.output.waitForLine("hello") { $0 == "web | hello" }
        let logs = try StartedProcess([
            Places.product("keepctl"), "--socket", daemon.socketPath, "logs", "-f",
        ])
        try logs.output.waitForLine("what was there") { $0 == "web | hello" }
        #expect(try keepctl(daemon, "send", "cat", "later").status == .exited(0))
        try logs.output.waitForLine("what comes") { $0 == "cat | later" }
        // Its connections end with the daemon.
        #expect(try daemon.end() == .exited(0))
        #expect(try logs.waitForEnd() == .exited(69))
    }

    @Test func `a wait and the events tell the same story`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        #expect(try keepctl(daemon, "wait", "web").output == "web: ready\n")
        let late = try keepctl(daemon, "wait", "--for", "stopped", "--timeout", "1ms", "web")
        #expect(late.status == .exited(1))
        #expect(late.error == "web: cannot come to rest: still running after the timeout\n")
        let events = try keepctl(daemon, "events").output.split(separator: "\n")
        #expect(events.last?.hasSuffix("web              RUNNING   running") == true)
    }

    @Test func `where no daemon is, keepctl says so`() throws {
        let scratch = try Scratch()
        let path = scratch.path("keepd.sock")
        let run = try Run([Places.product("keepctl"), "--socket", path, "status"])
        #expect(run.status == .exited(69))
        #expect(run.error.contains(path))
    }

    @Test func `a program of the daemon finds it without being told where`() throws {
        let script = #""$0" status web; echo "exit status $?""#
        let command = ["/bin/sh", "-c", script, Places.product("keepctl")]
        let daemon = try RunningDaemon(["web": program(command, settings: #""restart": "never""#)])
        try daemon.process.output.waitForLine("of status") { $0.hasPrefix("web | web    RUNNING") }
        try daemon.process.output.waitForLine("of success") { $0 == "web | exit status 0" }
    }

    @Test func `shutdown comes back when nothing is left`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--on-term", "200ms", "--line", "up")])
        try daemon.process.output.waitForLine("up") { $0 == "web | up" }
        let run = try keepctl(daemon, "shutdown")
        #expect(run.status == .exited(0))
        #expect(daemon.survivors.isEmpty)
        #expect(try daemon.waitForEnd() == .exited(0))
    }
}
