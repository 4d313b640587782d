import ControlProtocol
import SystemTypes
import Testing

/// Going from one configuration to another: only what has changed is touched.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ApplyTests {
    private static let pause = misbehave("--pause")

    private func pids(_ daemon: RunningDaemon) throws -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: try daemon.status().compactMap { program in
                program.pid.map { (program.name, $0) }
            }
        )
    }

    private func apply(
        _ daemon: RunningDaemon,
        names: [String]? = nil,
        ifPlan: String? = nil
    ) throws -> Control.Apply.Answer {
        try daemon.call(Control.Apply(names: names, ifPlan: ifPlan))
    }

    @Test func `a changed key restarts only the program that it is of`() throws {
        let daemon = try RunningDaemon(["db": Self.pause, "web": Self.pause])
        try daemon.start("all")
        let before = try pids(daemon)
        try daemon.rewrite([
            "db": Self.pause, "web": misbehave("--pause", settings: #""umask": "077""#),
        ])
        let answer = try apply(daemon)
        #expect(answer.plan?.programs.map(\.program) == ["web"])
        #expect(answer.outcomes.map(\.name) == ["web"])
        #expect(answer.outcomes.map(\.state) == [.running])
        let after = try pids(daemon)
        #expect(after["db"] == before["db"] && after["db"] != nil)
        #expect(after["web"] != before["web"] && after["web"] != nil)
    }

    @Test func `a live key reaches a running program without a restart`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--ignore", "TERM", "--line", "up")])
        try daemon.process.output.waitForLine("up") { $0 == "web | up" }
        let before = try pids(daemon)
        try daemon.rewrite([
            "web": misbehave(
                "--ignore",
                "TERM",
                "--line",
                "up",
                settings: #""stop": {"timeout": "1ms"}"#
            )
        ])
        let answer = try apply(daemon)
        #expect(answer.plan?.programs.map(\.class) == [.live])
        #expect(try pids(daemon) == before)
        // The patience that it had before is ten seconds more than the test has.
        #expect(try daemon.stop("web").map(\.state) == [.stopped])
        #expect(try daemon.status(of: "web").lastExit?.signal == "KILL")
    }

    @Test func `a program comes, another goes, and a third gets a new place for its output`() throws
    {
        let daemon = try RunningDaemon([
            "old": Self.pause, "web": misbehave("--line", "first", "--pause"),
        ])
        try daemon.process.output.waitForLine("first") { $0 == "web | first" }
        try daemon.rewrite([
            "web": misbehave("--line", "second", "--pause", settings: #""stdout": "web.log""#),
            "new": misbehave("--pause", settings: #""description": "the new one""#),
        ])
        let answer = try apply(daemon)
        #expect(answer.plan?.programs.map(\.kind) == [.changed, .added, .removed])
        #expect(answer.outcomes.map(\.name).sorted() == ["new", "old", "web"])
        #expect(answer.outcomes.allSatisfy { $0.failed == nil })
        let programs = try daemon.status()
        #expect(programs.map(\.name) == ["new", "web"])
        #expect(programs.map(\.description) == ["the new one", nil])
        _ = try eventually("the line in the file") {
            daemon.scratch.text(of: "log/web.log") == "second\n" ? true : nil
        }
        #expect(throws: ControlError.noSuchProgram(name: "old")) { try daemon.start("old") }
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }

    @Test func `a program of another type takes the place of the old one`() throws {
        let daemon = try RunningDaemon(["job": Self.pause])
        try daemon.start("job")
        try daemon.rewrite([
            "job": misbehave("--exit-code", "0", settings: #""type": "oneshot""#)
        ])
        let answer = try apply(daemon)
        #expect(answer.plan?.programs.map(\.class) == [.replace])
        #expect(answer.outcomes.map(\.state) == [.exited])
    }

    @Test func `a group is what the new configuration says`() throws {
        let daemon = try RunningDaemon(["db": Self.pause, "web": Self.pause])
        try daemon.rewrite(
            ["db": Self.pause, "web": Self.pause],
            more: #""groups": {"site": ["web"]},"#
        )
        let answer = try apply(daemon)
        #expect(answer.plan?.daemon.map(\.key) == ["groups.site"])
        #expect(try daemon.status("site:*").map(\.groups) == [["site"]])
    }

    @Test func `limits that cannot be changed under a running program are told, and it goes on`()
        throws
    {
        let off = TreeKind.descendants.setting
        let daemon = try RunningDaemon(["web": Self.pause], daemon: off)
        try daemon.start("web")
        let before = try pids(daemon)
        try daemon.rewrite(
            ["web": misbehave("--pause", settings: #""limits": {"tasks": 9}"#)],
            daemon: off
        )
        #expect(try daemon.call(Control.Diff()).plan.programs.map(\.class) == [.live])
        let reason = "cannot set limits.tasks: cgroups are switched off in the configuration"
        let failure = Outcome.Failure(cause: "limits", message: reason, tail: [])
        #expect(throws: ControlError.startFailed(name: "web", failure)) { try apply(daemon) }
        try daemon.waitForLog("web: goes on with the limits that it has: \(reason)")
        #expect(try pids(daemon) == before)
        // What has not reached the running program is the configuration all the same.
        #expect(try daemon.call(Control.Diff()).plan.programs.isEmpty)
    }

    @Test func `files that are to be watched from now on restart a program that runs`() throws {
        let daemon = try RunningDaemon(["web": Self.pause])
        try daemon.start("web")
        let before = try pids(daemon)
        try daemon.scratch.write("", to: "web.conf")
        try daemon.rewrite(["web": misbehave("--pause", settings: #""watch": ["web.conf"]"#)])
        #expect(try apply(daemon).plan?.programs.map(\.class) == [.live])
        #expect(try pids(daemon) == before)
        try daemon.scratch.write("new", to: "web.conf")
        _ = try eventually("another process") {
            let now = try pids(daemon)["web"]
            return now != nil && now != before["web"] ? true : nil
        }
    }

    @Test func `another pace of starts counts for those that wait already`() throws {
        let many = misbehave("--pause", settings: #""instances": 90"#)
        let slow = #""starts": {"burst": 1, "perSecond": 1}"#
        let daemon = try RunningDaemon(["web": many], daemon: slow)
        try daemon.rewrite(["web": many])
        // At the old pace it would take three times as long as a test waits.
        #expect(
            try apply(daemon).plan?.daemon.map(\.key).sorted() == [
                "starts.burst", "starts.perSecond",
            ]
        )
        _ = try eventually("all of them") {
            try daemon.status().allSatisfy { $0.state == .running } ? true : nil
        }
    }

    // MARK: - What is asked before

    @Test func `a plan is shown, and nothing is done`() throws {
        let daemon = try RunningDaemon(["db": Self.pause, "web": Self.pause])
        try daemon.start("all")
        let before = try pids(daemon)
        try daemon.rewrite(["db": misbehave("--pause", settings: #""umask": "077""#)])
        let plan = try daemon.call(Control.Diff(unchanged: true)).plan
        #expect(plan.programs.map(\.program) == ["db", "web"])
        #expect(plan.programs.map(\.kind) == [.changed, .removed])
        #expect(plan.programs[0].keys.map(\.key) == ["umask"])
        #expect(try pids(daemon) == before)
        #expect(try daemon.status().map(\.state) == [.running, .running])
    }

    @Test func `a plan that is demanded is the one that is done, or none`() throws {
        let daemon = try RunningDaemon(["web": Self.pause])
        try daemon.start("web")
        let before = try pids(daemon)
        try daemon.rewrite(["web": misbehave("--pause", settings: #""umask": "077""#)])
        let seen = try daemon.call(Control.Diff()).plan.hash
        try daemon.rewrite(["web": misbehave("--pause", settings: #""umask": "027""#)])
        let present = try daemon.call(Control.Diff()).plan.hash
        #expect(throws: ControlError.planChanged(hash: present)) {
            try apply(daemon, ifPlan: seen)
        }
        #expect(try pids(daemon) == before)
        #expect(try apply(daemon, ifPlan: present).outcomes.count == 1)
        #expect(try pids(daemon) != before)
    }

    @Test func `of a plan, only what is named is done`() throws {
        let daemon = try RunningDaemon(["db": Self.pause, "web": Self.pause])
        try daemon.start("all")
        let before = try pids(daemon)
        let changed = misbehave("--pause", settings: #""umask": "077""#)
        try daemon.rewrite(["db": changed, "web": changed])
        #expect(try apply(daemon, names: ["web"]).plan?.programs.map(\.program) == ["web"])
        #expect(try pids(daemon)["db"] == before["db"])
        #expect(try daemon.call(Control.Diff()).plan.programs.map(\.program) == ["db"])
        #expect(throws: ControlError.noSuchProgram(name: "wbe")) {
            try apply(daemon, names: ["wbe"])
        }
    }

    @Test func `a broken configuration is told in full, and changes nothing`() throws {
        let daemon = try RunningDaemon(["web": Self.pause])
        try daemon.start("web")
        let before = try pids(daemon)
        try daemon.rewrite(["web": #"{"comand": ["x"]}"#, "db": #"{"command": 7}"#])
        let error = #expect(throws: ControlError.self) { try apply(daemon) }
        guard case .invalidConfiguration(let problems)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(problems.contains { $0.contains("programs.web.comand") })
        #expect(problems.contains { $0.contains("programs.db.command") })
        #expect(try pids(daemon) == before)
    }
}
