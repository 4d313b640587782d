import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// What is remembered of the runs of a program.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct StoryTests {
    @Test func `each run is there, with who began it, how it ended and why`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        try daemon.start("web")
        let first = try #require(try daemon.status(of: "web").pid)
        try PidFD(opening: ProcessID(rawValue: Int32(first))).send(.kill)
        try daemon.waitForLog("web: ended: signal KILL; starting again")
        try daemon.start("web")
        try daemon.stop("web")
        try daemon.start("web")

        let runs = try daemon.call(Control.History(names: ["web"])).runs
        #expect(runs.map(\.name) == ["web", "web", "web"])
        #expect(runs.map(\.exit?.cause) == ["signal", "stopped", nil])
        #expect(runs[0].pid == first && runs[0].exit?.signal == "KILL")
        #expect(runs[0].exit?.detail?.coreDumped == false)
        #expect(runs.map { $0.by == nil } == [true, true, false])
        #expect(runs.map { $0.ended == nil } == [false, false, true])
        #expect(runs.allSatisfy { $0.ready != nil })
        #expect(runs[1].exit?.by == runs[2].by)
        let last = try daemon.call(Control.History(names: ["web"], count: 1)).runs
        #expect(last == [runs[2]])
    }

    @Test func `what never began says at which step it failed`() throws {
        let daemon = try RunningDaemon([
            "web": program(["/nowhere"], settings: #""autostart": false"#)
        ])
        _ = try? daemon.start("web")
        let explanation = try #require(
            try daemon.call(Control.Explain(names: ["web"])).explanations.first
        )
        #expect(explanation.goal == .up && explanation.program.nextAttempt != nil)
        #expect(explanation.runs.first?.exit?.detail?.step == "execve")
        #expect(explanation.runs.first?.exit?.detail?.errno == 2)
        #expect(explanation.runs.first?.pid == nil)
    }

    @Test func `a program with a schedule says when it is due`() throws {
        let job = misbehave(
            "--pause",
            settings: #""type": "scheduled", "schedule": "0 0 1 1 *""#
        )
        let daemon = try RunningDaemon(["job": job, "web": misbehave("--pause")])
        let next = try #require(try daemon.status(of: "job").nextAttempt)
        #expect(next.contains("-01-01T") || next.contains("-12-31T"))
        #expect(try daemon.status(of: "web").nextAttempt == nil)
    }

    @Test func `the signal of a reload is the one that the program has chosen`() throws {
        let script = #"trap 'echo "got it"' USR1; echo up; while :; do sleep 0.01; done"#
        let daemon = try RunningDaemon([
            "web": shell(script, settings: #""reloadSignal": "USR1""#)
        ])
        try daemon.process.output.waitForLine("up") { $0 == "web | up" }
        #expect(try daemon.call(Control.Reload(names: ["web"])).names == ["web"])
        try daemon.process.output.waitForLine("got it") { $0 == "web | got it" }
    }
}
