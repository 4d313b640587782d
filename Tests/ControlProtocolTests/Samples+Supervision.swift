import ControlProtocol

/// The messages about what has happened to programs, and what shall.
extension Samples {
    static let supervisionCalls: [Sample] = [
        .call(
            "call-Restart-rolling",
            Control.Restart(names: ["web"], wait: true, timeoutMilliseconds: 1, rolling: true)
        ),
        .call("call-Reload", Control.Reload(names: ["web"])),
        .call(
            "call-Wait",
            Control.Wait(names: ["web"], for: .healthy, timeoutMilliseconds: 60_000),
            more: true
        ),
        .call(
            "call-Scale",
            Control.Scale(instances: ["web": 4, "db": 0], wait: false, timeoutMilliseconds: 9)
        ),
        .call("call-Enable", Control.Enable(names: ["site:*"])),
        .call("call-Disable", Control.Disable(names: ["web"])),
        .call("call-Diff", Control.Diff(unchanged: true)),
        .call(
            "call-Apply",
            Control.Apply(names: ["web"], ifPlan: hash, wait: true, timeoutMilliseconds: 100),
            more: true
        ),
        .call(
            "call-Events",
            Control.Events(names: ["web"], since: 4_711, follow: true),
            more: true
        ),
        .call("call-History", Control.History(names: ["web"], count: 3)),
        .call("call-Explain", Control.Explain(names: ["web"])),
        .call("call-ListNames", Control.ListNames()),
        .call("call-Metrics", Control.Metrics()),
        .call("call-WriteStdin-text", Control.WriteStdin(name: "web", bytes: Array("quit\n".utf8))),
        .call("call-WriteStdin-base64", Control.WriteStdin(name: "web", bytes: [0xff])),
    ]

    static let supervisionReplies: [Sample] = [
        .reply("reply-Reload", Control.Reload.self, Names(names: ["web"])),
        .reply(
            "reply-Wait",
            Control.Wait.self,
            Outcomes(outcomes: [Outcome(name: "web", state: .running, pid: 7)])
        ),
        .reply(
            "reply-Scale",
            Control.Scale.self,
            Outcomes(outcomes: [Outcome(name: "web:3", state: .starting, pid: 8)])
        ),
        .reply("reply-Enable", Control.Enable.self, Names(names: ["web", "worker"])),
        .reply("reply-Disable", Control.Disable.self, Names(names: ["web"])),
        .reply("reply-Diff", Control.Diff.self, .init(plan: plan)),
        .reply(
            "reply-Apply-plan",
            Control.Apply.self,
            .init(plan: plan, outcomes: []),
            continues: true
        ),
        .reply(
            "reply-Apply-outcomes",
            Control.Apply.self,
            .init(plan: nil, outcomes: [Outcome(name: "old", state: .stopped)])
        ),
        .reply(
            "reply-Events-snapshot",
            Control.Events.self,
            .init(number: 4_711, snapshot: [stoppedProgram]),
            continues: true
        ),
        .reply(
            "reply-Events",
            Control.Events.self,
            .init(number: 4_714, events: [event], gap: 2),
            continues: true
        ),
        .reply("reply-History", Control.History.self, .init(runs: [endedRun, livingRun])),
        .reply("reply-Explain", Control.Explain.self, .init(explanations: [explanation])),
        .reply(
            "reply-ListNames",
            Control.ListNames.self,
            .init(names: ["site", "web", "web:0", "all"])
        ),
        .reply("reply-Metrics", Control.Metrics.self, .init(text: "keepd_programs 3\n# EOF\n")),
        .reply("reply-WriteStdin", Control.WriteStdin.self, Done()),
    ]

    static let requester = Control.Requester(
        user: "deploy",
        uid: 1_000,
        pid: 99,
        command: "keepctl"
    )

    static let laterMessages: [Sample] = [
        .call("call-DaemonLog", Control.DaemonLog(lines: 3, follow: true), more: true),
        .reply(
            "reply-DaemonLog",
            Control.DaemonLog.self,
            .init(
                lines: [
                    .init(at: "2026-11-22T22:40:01.123Z", level: "info", message: "web: running")
                ],
                gap: 2
            ),
            continues: true
        ),
        .call("call-ResizeTerminal", Control.ResizeTerminal(name: "web:0", rows: 24, columns: 80)),
        .reply("reply-ResizeTerminal", Control.ResizeTerminal.self, Done()),
        .call("call-Reexec", Control.Reexec()),
        .reply("reply-Reexec", Control.Reexec.self, Done()),
        .reply(
            "reply-Events-requester",
            Control.Events.self,
            .init(number: 4_714, events: [requestedEvent])
        ),
        .reply("reply-History-requester", Control.History.self, .init(runs: [requestedRun])),
    ]

    private static var requestedEvent: Control.Event {
        var requested = event
        requested.requester = requester
        return requested
    }

    private static var requestedRun: Control.Run {
        var run = livingRun
        run.requester = requester
        run.takenOver = "2026-11-22T22:41:00.000Z"
        var detail = LastExit.Detail()
        detail.requester = Control.Requester(user: "70", uid: 70, pid: nil, command: "?")
        run.exit = LastExit(cause: "stopped", at: run.started, detail: detail)
        return run
    }

    static let hash = "9f86d081884c7d65"

    static let plan = Control.Plan(
        hash: hash,
        daemon: [.init(key: "logLevel", old: nil, new: #""debug""#, class: .live)],
        programs: [
            .init(
                program: "web",
                kind: .changed,
                class: .restart,
                autostart: true,
                keys: [
                    .init(key: "command", old: #"["a"]"#, new: #"["b"]"#, class: .restart),
                    .init(key: "description", old: #""front""#, new: nil, class: .none),
                ]
            ),
            .init(program: "old", kind: .removed, class: .replace, autostart: false, keys: []),
        ]
    )

    static var event: Control.Event {
        var event = Control.Event(
            number: 4_714,
            at: "2026-11-22T22:40:01.123Z",
            kind: "state",
            name: "web:0",
            state: .backoff,
            message: "failed: out of memory; next attempt in 100 ms"
        )
        event.from = .running
        event.pid = 4_242
        event.exit = oomExit
        event.nextAttempt = "2026-11-22T22:40:01.223Z"
        return event
    }

    static var livingRun: Control.Run {
        var run = Control.Run(name: "web:0", started: "2026-11-22T22:40:02.000Z")
        run.pid = 4_243
        return run
    }

    static var endedRun: Control.Run {
        var run = Control.Run(name: "web:0", started: "2026-11-22T22:39:01.000Z")
        run.ready = "2026-11-22T22:39:02.000Z"
        run.ended = "2026-11-22T22:40:01.123Z"
        run.pid = 4_242
        run.by = "root (keepctl[99])"
        run.exit = oomExit
        run.leftBehind = [.init(pid: 4_300, command: "sleep 3600")]
        run.memoryPeakBytes = 1_048_576
        run.processorTime = Seconds(rawValue: 0.42)
        return run
    }

    static var explanation: Control.Explanation {
        Control.Explanation(
            program: stoppedProgram,
            goal: .up,
            isEnabled: false,
            needs: [.init(program: "db", condition: .ready, isMet: false)],
            neededBy: ["worker"],
            runs: [failedAttempt]
        )
    }

    private static var failedAttempt: Control.Run {
        var run = Control.Run(name: "zebra", started: "2026-11-22T22:39:00.000Z")
        var detail = LastExit.Detail()
        detail.step = "chdir"
        detail.errno = 2
        detail.probe = "ready"
        detail.program = "db"
        detail.coreDumped = true
        run.exit = LastExit(cause: "spawn-failed", at: run.started, detail: detail)
        return run
    }

    private static var oomExit: LastExit {
        var detail = LastExit.Detail()
        detail.limitBytes = 1_000_000
        detail.peakBytes = 999_999
        return LastExit(
            signal: "KILL",
            cause: "oom",
            at: "2026-11-22T22:40:01.123Z",
            message: "out of memory",
            detail: detail
        )
    }
}
