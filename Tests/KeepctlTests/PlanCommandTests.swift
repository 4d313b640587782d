import ControlProtocol
import Testing

@testable import keepctl

/// The commands that look at the configuration on disk.
@Suite(.timeLimit(.minutes(10))) struct PlanCommandTests {
    static let plan = Control.Plan(
        hash: "9f86d081",
        daemon: [
            .init(key: "logLevel", old: nil, new: #""debug""#, class: .live),
            .init(key: "socket.path", old: #""/a""#, new: #""/b""#, class: .restart),
        ],
        programs: [
            .init(program: "new", kind: .added, class: .none, autostart: true, keys: []),
            .init(
                program: "web",
                kind: .changed,
                class: .restart,
                autostart: false,
                keys: [
                    .init(key: "command", old: #"["a"]"#, new: #"["b"]"#, class: .restart),
                    .init(key: "description", old: #""front""#, new: nil, class: .none),
                    .init(key: "stop.timeout", old: "5", new: "6", class: .live),
                ]
            ),
            .init(program: "tune", kind: .changed, class: .live, autostart: true, keys: []),
            .init(program: "same", kind: .unchanged, class: .none, autostart: true, keys: []),
            .init(program: "old", kind: .removed, class: .replace, autostart: true, keys: []),
        ]
    )

    @Test func `a plan is told key by key, with what each change takes`() {
        #expect(
            PlanText.lines(of: PlanCommandTests.plan) == [
                "keepd: changed",
                #"     logLevel     live              (default) → "debug""#,
                #"     socket.path  restart of keepd  "/a" → "/b""#,
                "new: added, and started",
                "web: changed, and restarted",
                #"     command       restart  ["a"] → ["b"]"#,
                #"     description   none     "front" → (default)"#,
                "     stop.timeout  live     5 → 6",
                "tune: changed, and goes on running",
                "old: stopped and removed",
                "plan 9f86d081",
            ]
        )
    }

    @Test func `a plan that changes nothing says so`() {
        var plan = PlanCommandTests.plan
        plan.daemon = []
        plan.programs.removeAll { $0.kind != .unchanged }
        #expect(PlanText.lines(of: plan) == ["no changes"])
    }

    @Test func `reread says what supervisorctl would`() async {
        let result = await #expect(
            processExitsWith: .success,
            observing: [\.standardOutputContent]
        ) {
            let answer = Control.Diff.Answer(plan: PlanCommandTests.plan)
            try keepctl(["reread"], Reply.encode(answer))
        }
        #expect(
            text(result?.standardOutputContent)
                == "new: available\nold: disappeared\ntune: changed\nweb: changed\n"
        )
        let none = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let plan = Control.Plan(hash: "", daemon: [], programs: [])
            try keepctl(["reread"], Reply.encode(Control.Diff.Answer(plan: plan)))
        }
        #expect(text(none?.standardOutputContent) == "No config updates to processes\n")
    }

    @Test func `avail lists what is in the configuration`() async {
        let result = await #expect(
            processExitsWith: .success,
            observing: [\.standardOutputContent]
        ) {
            let answer = Control.Diff.Answer(plan: PlanCommandTests.plan)
            try keepctl(["avail"], Reply.encode(answer))
        }
        let lines = (text(result?.standardOutputContent) ?? "").split(separator: "\n").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(
            lines == [
                "new avail auto", "same in use auto", "tune in use auto", "web in use manual",
            ]
        )
    }

    @Test func `apply tells of each program what was done to it`() async {
        let result = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            let outcomes = [
                Outcome(name: "new", state: .running), Outcome(name: "tune:1", state: .running),
                Outcome(name: "old", state: .stopped),
                Outcome(
                    name: "web",
                    state: .fatal,
                    failed: .init(cause: "exit", message: "exit code 1", tail: [])
                ),
            ]
            let first = Control.Apply.Answer(plan: PlanCommandTests.plan, outcomes: [])
            let second = Control.Apply.Answer(plan: nil, outcomes: outcomes)
            try keepctl(["apply"], Reply.encode(first, continues: true) + Reply.encode(second))
        }
        #expect(
            text(result?.standardOutputContent) == "new: added\ntune:1: updated\nold: removed\n"
        )
        #expect(text(result?.standardErrorContent) == "web: cannot restart: exit code 1\n")
    }

    @Test func `apply demands the plan that was seen`() async {
        let result = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent]
        ) {
            let daemon = try FakeDaemon { message in
                let request = try? Call(decoding: message).parameters(as: Control.Apply.self)
                #expect(request?.ifPlan == "abc")
                return Reply.encode(ControlError.planChanged(hash: "def"))
            }
            Keepctl.carryOut(["-s", daemon.path, "apply", "--if-plan", "abc"])
        }
        #expect(
            text(result?.standardErrorContent) == "keepctl: cannot apply: the plan is now def\n"
        )
    }

    @Test func `update says what supervisorctl would, in its order`() {
        #expect(
            Keepctl.Update.lines(of: PlanCommandTests.plan.programs) == [
                "old: stopped", "old: removed process group", "web: stopped",
                "web: updated process group", "tune: updated process group",
                "new: added process group",
            ]
        )
    }

    @Test func `add takes in what is new, and nothing else`() async {
        let result = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            try keepctl(
                ["add", "new", "web", "nosuch", "old"],
                Reply.encode(Control.Diff.Answer(plan: PlanCommandTests.plan)),
                Reply.encode(Control.Apply.Answer(plan: nil, outcomes: []))
            )
        }
        #expect(text(result?.standardOutputContent) == "new: added process group\n")
        #expect(
            text(result?.standardErrorContent) == """
                keepctl: cannot add web: it is there already
                keepctl: cannot add nosuch: no such program in the configuration
                keepctl: cannot add old: no such program in the configuration

                """
        )
    }

    @Test func `remove forgets what is gone and stopped, and nothing else`() async {
        let result = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            try keepctl(
                ["remove", "web", "old", "new", "old"],
                Reply.encode(Control.Diff.Answer(plan: PlanCommandTests.plan)),
                Reply.encode(Control.Status.Answer(programs: [program("old", .exited)])),
                Reply.encode(Control.Apply.Answer(plan: nil, outcomes: [])),
                Reply.encode(Control.Status.Answer(programs: [program("old", .stopping)]))
            )
        }
        #expect(text(result?.standardOutputContent) == "old: removed process group\n")
        #expect(
            text(result?.standardErrorContent) == """
                keepctl: cannot remove web: it is still in the configuration
                keepctl: cannot remove new: no such program
                keepctl: cannot remove old: it still runs

                """
        )
    }
}

private func text(_ bytes: [UInt8]?) -> String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
}
