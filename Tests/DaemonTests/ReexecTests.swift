import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// Another daemon goes on in the same process, and no program notices.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ReexecTests {
    private func reexec(_ daemon: RunningDaemon) throws {
        // On the connection on which all is asked here, which outlives it.
        _ = try daemon.call(Control.Reexec())
    }

    /// All that is the same before and after, as long as nothing happens.
    private func facts(of daemon: RunningDaemon) throws -> [Program] {
        try daemon.status().map { program in
            var program = program
            (program.uptime, program.memoryBytes, program.processorTime) = (nil, nil, nil)
            return program
        }
    }

    @Test func `programs in every state stay in it, with their processes`() throws {
        let never = #""restart": "never","#
        let slow = #""start": {"settle": "1h"}"#
        let daemon = try RunningDaemon([
            "running": shell("exec sleep 1000"),
            "starting": shell("exec sleep 1000", settings: slow),
            "stopped": shell("exec sleep 1000", settings: #""autostart": false"#),
            "deaf": shell(
                "trap '' TERM; echo deaf; while :; do sleep 1000; done",
                settings: #""stop": {"timeout": "1h"}"#
            ),
            "failing": shell(
                "exit 3",
                settings: #""restart": {"backoff": {"initial": "1h", "max": "1h"}}, "# + slow
            ),
            "hopeless": shell("exit 4", settings: #""restart": {"retries": 1}, "# + slow),
            "done": shell("exit 0", settings: never),
            "needy": shell("exec sleep 1000", settings: #""dependsOn": {"starting": "ready"}"#),
            "nightly": shell(
                "exec sleep 1000",
                settings: #""type": "scheduled", "schedule": "0 3 1 1 *""#
            ),
            "once": shell("exec sleep 1000", settings: #""type": "oneshot""#),
        ])
        for name in ["running", "deaf", "once"] {
            _ = try eventually("that \(name) is up") {
                try daemon.status(of: name).pid.map { _ in true }
            }
        }
        for line in ["hopeless: given up: exit code 4", "done: exited: exit code 0"] {
            try daemon.waitForLog(line)
        }
        _ = try daemon.call(Control.Stop(names: ["deaf"], wait: false))
        _ = try eventually("a failure") {
            try daemon.status(of: "failing").state == .backoff ? true : nil
        }
        let before = try facts(of: daemon)
        #expect(Set(before.map(\.state)) == Set(State.allCases))
        let history = try daemon.call(Control.History(names: ["all"]))
        try reexec(daemon)
        #expect(try facts(of: daemon) == before)
        #expect(try daemon.call(Control.History(names: ["all"])) == history)
        _ = try daemon.call(Control.Signal(names: ["deaf"], signal: "KILL"))
    }

    @Test func `ends are seen with code and signal, and followed by what the policy says`() throws {
        let daemon = try RunningDaemon([
            "killed": shell("exec sleep 1000"),
            "ending": shell("read line; exit 7", settings: #""stdin": "pipe""#),
        ])
        try daemon.start("all")
        let pid = try daemon.status(of: "killed").pid
        try reexec(daemon)
        _ = try daemon.call(Control.Signal(names: ["killed"], signal: "KILL"))
        try daemon.waitForLog("killed: ended: signal KILL; starting again")
        _ = try daemon.call(Control.WriteStdin(name: "ending", bytes: Array("go\n".utf8)))
        try daemon.waitForLog("ending: ended: exit code 7; starting again")
        let killed = try eventually("another run") {
            let program = try daemon.status(of: "killed")
            return program.pid == nil ? nil : program
        }
        #expect(killed.pid != pid && killed.restarts == 1)
    }

    @Test func `an end in the very moment is seen by the next daemon`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave("--exit-code", "3", settings: #""restart": "always""#)
        ])
        // It ends and is started all the time, so that many an end falls into a handover.
        for _ in 0..<5 { try reexec(daemon) }
        let web = try daemon.status(of: "web")
        #expect(web.restarts > 0)
        let runs = try daemon.call(Control.History(names: ["web"])).runs
        #expect(runs.dropLast().allSatisfy { $0.exit?.code == 3 }, "\(runs)")
    }

    @Test func `patience that was granted ends when it would have`() throws {
        let daemon = try RunningDaemon([
            "deaf": shell(
                "trap '' TERM; echo deaf; while :; do sleep 1000; done",
                settings: #""stop": {"timeout": "2s"}"#
            )
        ])
        try daemon.start("deaf")
        _ = try daemon.call(Control.Stop(names: ["deaf"], wait: false))
        try reexec(daemon)
        try daemon.waitForLog("deaf: stopped")
        #expect(try daemon.status(of: "deaf").lastExit?.signal == "KILL")
    }

    @Test func `a command before a stop, and a hook, are waited for`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                "exec sleep 1000",
                settings: inScratch + #"""
                    , "autostart": false, "stop": {"before": ["sh", "-c", "echo >begun; read x <gate; echo >ended"],
                    "timeout": "1h"},
                    "hooks": {"running": ["sh", "-c", "echo >hooked; read x <gate2; echo late; exit 9"]}
                    """#
            )
        ])
        // Opened for both, nobody waits for the other side; whoever is gone is seen by the log.
        let gates = ["gate", "gate2"].map { name in
            mkfifo(daemon.scratch.path(name), 0o600)
            return open(daemon.scratch.path(name), O_RDWR | O_CLOEXEC)
        }
        defer { for gate in gates { close(gate) } }
        try daemon.start("web")
        _ = try eventually("the hook") { daemon.scratch.has("hooked") ? true : nil }
        _ = try daemon.call(Control.Stop(names: ["web"], wait: false))
        _ = try eventually("the command") { daemon.scratch.has("begun") ? true : nil }
        try reexec(daemon)
        #expect(try daemon.status(of: "web").state == .stopping)
        #expect(write(gates[1], "go\n", 3) == 3)
        try daemon.waitForLog("web: hook running: late")
        try daemon.waitForLog("web: hook running failed: exit code 9")
        #expect(write(gates[0], "go\n", 3) == 3)
        try daemon.waitForLog("web: stopped")
        #expect(daemon.scratch.has("ended"))
    }

    @Test func `what is in force stays so, whatever has become of the file`() throws {
        let daemon = try RunningDaemon(["web": shell("exec sleep 1000")])
        try daemon.start("web")
        _ = try daemon.call(Control.Scale(instances: ["web": 2]))
        _ = try daemon.call(Control.Disable(names: ["web"]))
        let before = try facts(of: daemon)
        try daemon.scratch.write("no JSON", to: "keepd.json")
        try reexec(daemon)
        #expect(try facts(of: daemon) == before)
        #expect(throws: ControlError.self) { try daemon.call(Control.Diff()) }
        try daemon.rewrite(["web": shell("exec sleep 2000")])
        let plan = try daemon.call(Control.Diff()).plan
        #expect(plan.programs.map(\.program) == ["web"])
        let explanations = try daemon.call(Control.Explain(names: ["web:0"])).explanations
        #expect(explanations.map(\.isEnabled) == [false])
    }

    @Test func `a file that changes meanwhile is seen, and once`() throws {
        let daemon = try RunningDaemon([
            "web": shell(
                "exec sleep 1000",
                settings: #""watch": ["watched"]"#
            )
        ])
        try daemon.scratch.write("1", to: "watched")
        try daemon.start("web")
        let pid = try daemon.status(of: "web").pid
        try daemon.scratch.write("2", to: "watched")
        for _ in 0..<2 { try reexec(daemon) }
        _ = try eventually("another process") {
            let web = try daemon.status(of: "web")
            return web.pid == pid || web.state != .running ? nil : true
        }
        let runs = try daemon.call(Control.History(names: ["web"])).runs
        #expect(runs.count == 2)
    }

    @Test func `the signal does the same as the call, and events are counted on`() throws {
        let daemon = try RunningDaemon(["web": shell("exec sleep 1000")])
        try daemon.start("web")
        let pid = try daemon.status(of: "web").pid
        let number = try daemon.call(Control.Events(since: 0)).number
        try daemon.process.send(.user2)
        try daemon.waitForLog("executed anew")
        #expect(try daemon.status(of: "web").pid == pid)
        try daemon.stop("web")
        let events = try daemon.call(Control.Events(since: 0)).events
        #expect(events.map(\.number) == Array(1...events.count))
        #expect(events.count > number && events.last?.state == .stopped)
    }
}
