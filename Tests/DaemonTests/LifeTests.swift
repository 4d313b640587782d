import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// The life of one program, as its operator sees it.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct LifeTests {
    @Test func `a program starts with the daemon unless it says otherwise`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave("--pause"),
            "once": misbehave("--pause", settings: #""autostart": false"#),
        ])
        try daemon.waitForLog("web: running")
        #expect(try daemon.status().map(\.name) == ["once", "web"])
        #expect(try daemon.status().map(\.state) == [.stopped, .running])
        #expect(try daemon.status(of: "once").pid == nil)
    }

    @Test func `status tells the truth about a program that runs`() throws {
        let before = WallTime.now.rfc3339
        let daemon = try RunningDaemon(
            ["web": misbehave("--pid-file", "pid", "--line", "hello", settings: inScratch)],
            more: #""groups": {"site": ["web"]},"#
        )
        let program = try eventually("hello") {
            let program = try daemon.status(of: "web")
            return program.logBytes.stdout == 6 ? program : nil
        }
        #expect(program.pid == Int(daemon.scratch.lines(of: "pid")[0]))
        #expect(program.state == .running && program.isReady)
        #expect(before <= program.since && program.since <= WallTime.now.rfc3339)
        #expect(try #require(program.uptime).rawValue >= 0)
        #expect(try #require(program.memoryBytes) > 0)
        #expect(program.groups == ["site"])
        #expect(program.restarts == 0 && program.failures == 0)
        #expect(program.lastExit == nil && program.nextAttempt == nil)
    }

    @Test func `status has every key, whether there is something to say or not`() throws {
        let daemon = try RunningDaemon([
            "crash": misbehave("--exit-code", "7", settings: #""restart": "never""#),
            "idle": misbehave("--pause", settings: #""autostart": false"#),
            "web": misbehave("--pause"),
        ])
        try daemon.waitForLog("crash: exited: exit code 7")
        let client = try daemon.connect()
        try client.send(Call.encode(Control.Status()))
        let message = try JSONSerialization.jsonObject(with: Data(client.receive()))
        let parameters = try #require((message as? [String: Any])?["parameters"] as? [String: Any])
        let programs = try #require(parameters["programs"] as? [[String: Any]])
        #expect(programs.count == 3)
        for program in programs {
            #expect(
                program.keys.sorted() == [
                    "cpu_seconds", "description", "failures", "groups", "healthy", "instance",
                    "last_exit", "log", "log_bytes", "memory_bytes", "name", "next_attempt", "pid",
                    "program", "ready", "restarts", "since", "state", "status_text", "uptime",
                    "waiting_for",
                ]
            )
        }
        let lastExit = try #require(programs[0]["last_exit"] as? [String: Any])
        #expect(lastExit.keys.sorted() == ["at", "by", "cause", "code", "message", "signal"])
        #expect(lastExit["code"] as? Int == 7)
    }

    @Test func `a stop is answered when the program is gone, and names who asked`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        let pid = try #require(try daemon.start("web").first?.pid)
        #expect(try daemon.stop("web") == [Outcome(name: "web", state: .stopped)])
        #expect(!Survivors.isAlive(ProcessID(rawValue: Int32(pid))))
        let program = try daemon.status(of: "web")
        #expect(program.pid == nil && program.uptime == nil)
        let exit = try #require(program.lastExit)
        #expect(exit.cause == "stopped" && exit.signal == "TERM")
        #expect(try #require(exit.by).contains("[\(ProcessTable.current)]"))
        // A program that is stopped stays so, whatever its policy says.
        #expect(try daemon.stop("web").map(\.state) == [.stopped])
    }

    @Test func `a restart brings another process, and is no failure`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        let first = try #require(try daemon.start("web").first?.pid)
        let outcome = try #require(try daemon.restart("web").first)
        #expect(outcome.state == .running && outcome.failed == nil)
        #expect(outcome.pid != nil && outcome.pid != first)
        #expect(try daemon.status(of: "web").restarts == 0)
    }

    @Test func `a program that dies is started again at once, and it is counted`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        var (pids, next) = (Set<Int>(), 0)
        for _ in 0..<3 {
            pids.insert(try #require(try daemon.start("web").first?.pid))
            #expect(
                try daemon.call(Control.Signal(names: ["web"], signal: "kill")).names == ["web"]
            )
            next = try daemon.waitForLog("ended: signal KILL; starting again", from: next).next
        }
        let program = try eventually("a new start") {
            let program = try daemon.status(of: "web")
            return program.state == .running ? program : nil
        }
        #expect(program.restarts == 3 && program.failures == 0)
        #expect(program.lastExit?.cause == "signal" && program.lastExit?.signal == "KILL")
        #expect(pids.count == 3 && !pids.contains(program.pid ?? 0))
    }

    @Test func `a signal reaches the program and nothing else of it`() throws {
        let script = #"trap 'echo got it' USR1; echo ready; while :; do sleep 3600 & wait; done"#
        let daemon = try RunningDaemon(["web": shell(script)])
        try daemon.process.output.waitForLine("ready") { $0 == "web | ready" }
        #expect(try daemon.call(Control.Signal(names: ["web"], signal: "USR1")).names == ["web"])
        try daemon.process.output.waitForLine("got it") { $0 == "web | got it" }
    }

    @Test func `what cannot be done is an error that says why`() throws {
        let daemon = try RunningDaemon([
            "idle": misbehave("--pause", settings: #""autostart": false"#)
        ])
        #expect(throws: ControlError.noSuchProgram(name: "wbe")) { try daemon.start("idle", "wbe") }
        #expect(throws: ControlError.noSuchProgram(name: "wbe")) { try daemon.status("wbe") }
        #expect(throws: ControlError.notRunning(name: "idle")) {
            try daemon.call(Control.Signal(names: ["idle"], signal: "HUP"))
        }
        #expect(throws: ControlError.invalidParameter(parameter: "signal")) {
            try daemon.call(Control.Signal(names: ["idle"], signal: "TREM"))
        }
        #expect(try daemon.status(of: "idle").state == .stopped)
    }

    @Test(arguments: [Signal.alarm, .virtualAlarm, .profilingAlarm, .inputOutput, .brokenPipe])
    func `a signal that means nothing to keepd does nothing, but to a program what it does else`(
        signal: Signal
    ) throws {
        let daemon = try RunningDaemon([
            "web": shell("kill -\(signal) $$", settings: #""restart": "never""#)
        ])
        try daemon.process.send(signal)
        try daemon.waitForLog("web: exited: signal \(signal)")
        #expect(try daemon.end() == .exited(0))
    }
}

/// Lets a program run in the test's directory.
let inScratch = #""directory": ".""#
