import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// Programs that do not come up, and what their operator is told.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct FailureTests {
    private static let byHand = #""autostart": false, "restart": {"when": "never"}"#

    /// What the order says about a program that was not started.
    private func failure(of name: String, in daemon: RunningDaemon) throws -> Outcome.Failure {
        let error = #expect(throws: ControlError.self) { try daemon.start(name) }
        guard case .startFailed(name: name, let failure) = error else {
            throw NeverHappened("StartFailed, but \(String(describing: error))")
        }
        return failure
    }

    @Test func `a start that fails shows the cause and the last words`() throws {
        let orders = ["--line", "one", "--line", "two", "--exit-code", "3"]
        let daemon = try RunningDaemon(
            ["web": program([Places.product("misbehave")] + orders, settings: Self.byHand)],
            settle: "30s"
        )
        let failure = try failure(of: "web", in: daemon)
        #expect(failure.cause == "exit")
        #expect(failure.message == "exit code 3")
        #expect(failure.tail == ["one", "two"])
        #expect(try daemon.status(of: "web").state == .exited)
    }

    @Test(arguments: ["", #""stdout": "web.log", "stderr": "web.log","#, #""stdout": "null","#])
    func `the last words are those of that start`(output: String) throws {
        let script = "echo $$; echo $$ >&2; echo $$ >>pids; exit 3"
        let daemon = try RunningDaemon(
            ["web": shell(script, settings: output + inScratch + "," + Self.byHand)],
            settle: "30s"
        )
        for round in 0..<3 {
            let failure = try failure(of: "web", in: daemon)
            let pid = daemon.scratch.lines(of: "pids")[round]
            let streams = output.contains("null") ? 1 : 2
            #expect(failure.tail == Array(repeating: pid, count: streams))
        }
    }

    @Test func `a start that fails before it begins has no words of an earlier one`() throws {
        let byHand = Self.byHand + #", "start": {"settle": "30s"}"#
        let db = shell("exit 3", settings: byHand)
        let daemon = try RunningDaemon([
            "db": db, "web": shell("echo alas; exit 3", settings: byHand),
        ])
        #expect(try failure(of: "web", in: daemon).tail == ["alas"])
        let needs = byHand + #", "dependsOn": {"db": "ready"}"#
        try daemon.rewrite(["db": db, "web": shell("echo alas; exit 3", settings: needs)])
        _ = try daemon.call(Control.Apply())
        let failure = try failure(of: "web", in: daemon)
        #expect(failure.cause == "dependency" && failure.tail.isEmpty)
    }

    @Test(arguments: [
        (#"["/nowhere/at-all"]"#, "", "cannot execute /nowhere/at-all: no such file or directory"),
        (#"["no-such-command"]"#, "", "cannot execute no-such-command: no such file or directory"),
        (#"["/etc/passwd"]"#, "", "cannot execute /etc/passwd: permission denied"),
        (
            #"["/bin/true"]"#, #""directory": "/nowhere","#,
            "cannot chdir to /nowhere: no such file or directory"
        ),
        (
            #"["/bin/true"]"#, #""directory": "/etc/passwd","#,
            "cannot chdir to /etc/passwd: not a directory"
        ),
    ])
    func `a process that cannot be made says at which step`(
        command: String,
        settings: String,
        message: String
    ) throws {
        let daemon = try RunningDaemon([
            "web": "{\"command\": \(command), \(settings) \(Self.byHand)}"
        ])
        let failure = try failure(of: "web", in: daemon)
        #expect(failure.message == message)
        #expect(failure.cause == "spawn-failed")
        let exit = try #require(try daemon.status(of: "web").lastExit)
        #expect(exit.message == message && exit.code == nil && exit.signal == nil)
    }

    @Test func `a program that keeps failing waits longer each time, and is given up`() throws {
        let restart = #""restart": {"retries": 3, "backoff": {"initial": "10ms", "jitter": 0}}"#
        let daemon = try RunningDaemon(
            [
                "web": misbehave(
                    "--append",
                    "starts",
                    "x",
                    "--exit-code",
                    "1",
                    settings: restart + "," + inScratch
                )
            ],
            settle: "30s"
        )
        var next = 0
        for milliseconds in [10, 20] {
            next = try daemon.waitForLog(
                "web: failed: exit code 1; next attempt in \(milliseconds) ms",
                from: next
            ).next
        }
        try daemon.waitForLog("web: given up: exit code 1", from: next)
        let program = try daemon.status(of: "web")
        #expect(program.state == .fatal && program.failures == 3)
        #expect(daemon.scratch.lines(of: "starts").count == 3)
    }

    @Test func `a program in backoff says when it will be tried again`() throws {
        let restart = #""restart": {"backoff": {"initial": "1h", "max": "1h", "jitter": 0}}"#
        let daemon = try RunningDaemon(
            ["web": misbehave("--kill-self", "SEGV", settings: restart)],
            settle: "30s"
        )
        try daemon.waitForLog("next attempt in 3600000 ms")
        let program = try daemon.status(of: "web")
        #expect(program.state == .backoff && program.pid == nil)
        #expect(program.lastExit?.signal == "SEGV" && program.lastExit?.code == nil)
        #expect(try #require(program.nextAttempt) > program.since)
        #expect(try daemon.stop("web").map(\.state) == [.stopped])
        #expect(try daemon.status(of: "web").nextAttempt == nil)
    }

    @Test func `an end that the policy leaves alone stays as it is`() throws {
        let daemon = try RunningDaemon([
            "done": misbehave("--exit-code", "0", settings: #""restart": "on-failure""#)
        ])
        try daemon.waitForLog("done: exited: exit code 0")
        #expect(try daemon.status(of: "done").state == .exited)
        // An order is another matter, and a clean end is what it wanted.
        let outcome = try #require(try daemon.start("done").first)
        #expect(outcome.failed == nil)
    }

    @Test func `the wait for an order can be bounded, and the order stands`() throws {
        let daemon = try RunningDaemon([
            "deaf": misbehave(
                "--ignore",
                "TERM",
                "--line",
                "deaf",
                settings: #""stop": {"timeout": "1h"}"#
            )
        ])
        try daemon.process.output.waitForLine("deaf") { $0 == "deaf | deaf" }
        #expect(throws: ControlError.timedOut(name: "deaf", state: .stopping)) {
            try daemon.call(Control.Stop(names: ["deaf"], timeoutMilliseconds: 20))
        }
        #expect(try daemon.status(of: "deaf").state == .stopping)
        _ = try daemon.call(Control.Signal(names: ["deaf"], signal: "KILL"))
        #expect(try daemon.stop("deaf").map(\.state) == [.stopped])
    }

    @Test func `since is when a program came into its state, and uptime counts from its start`()
        throws
    {
        let daemon = try RunningDaemon([
            "deaf": misbehave(
                "--ignore",
                "TERM",
                "--line",
                "deaf",
                settings: #""stop": {"timeout": "1h"}"#
            )
        ])
        try daemon.process.output.waitForLine("deaf") { $0 == "deaf | deaf" }
        let before = try daemon.status(of: "deaf")
        // Two looks at two clocks never agree to the last digit.
        let asked = WallTime(nanoseconds: WallTime.now.nanoseconds - 1_000_000).rfc3339
        _ = try daemon.call(Control.Stop(names: ["deaf"], wait: false))
        let after = try daemon.status(of: "deaf")
        #expect(after.state == .stopping)
        #expect(after.since >= asked)
        #expect(try #require(after.uptime).rawValue >= (try #require(before.uptime).rawValue))
    }
}
