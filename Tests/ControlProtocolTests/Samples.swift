import ControlProtocol

/// One of each message, and all their fields between them.
enum Samples {
    static let all = calls + replies + errors.map(Sample.refusal)
    static let calls = basicCalls + supervisionCalls
    static let replies = basicReplies + supervisionReplies + laterMessages

    private static let basicCalls: [Sample] = [
        .call("call-GetInfo", Service.Introduction()),
        .call(
            "call-GetInterfaceDescription",
            Service.InterfaceDescription(interface: "org.keepd.Control")
        ),
        .call("call-Status", Control.Status(names: ["web", "db:*"])),
        .call("call-Status-usage", Control.Status(usage: false)),
        .call("call-Start", order(Verbs.Start.self), more: true),
        .call("call-Stop", order(Verbs.Stop.self)),
        .call("call-Restart", order(Verbs.Restart.self), more: true),
        .call("call-Signal", Control.Signal(names: ["web"], signal: "HUP")),
        .call(
            "call-Tail",
            Control.Tail(name: "web:0", stream: .stderr, lines: 10, bytes: 4_096, follow: true),
            more: true
        ),
        .call(
            "call-Tail-untilExit",
            Control.Tail(name: "web", follow: true, untilExit: true),
            more: true
        ),
        .call("call-ClearLog", Control.ClearLog(names: ["all"])),
        .call("call-RotateLogs", Control.RotateLogs(names: ["web"])),
        .call(
            "call-Tail-since",
            Control.Tail(name: "web", since: "2026-11-22T22:40:01Z"),
            more: true
        ),
        .call("call-ReopenLogs", Control.ReopenLogs()),
        .call("call-Version", Control.Version()),
        .call("call-Shutdown", Control.Shutdown()),
    ]

    private static let basicReplies: [Sample] = [
        .reply("reply-GetInfo", Service.Introduction.self, .init(version: "1.0.0")),
        .reply(
            "reply-GetInterfaceDescription",
            Service.InterfaceDescription.self,
            .init(description: "interface org.keepd.Control\n")
        ),
        .reply(
            "reply-Status",
            Control.Status.self,
            .init(programs: [runningProgram, fatalProgram, stoppedProgram])
        ),
        .reply(
            "reply-Start",
            Control.Start.self,
            Outcomes(outcomes: [failedOutcome]),
            continues: true
        ),
        .reply(
            "reply-Stop",
            Control.Stop.self,
            Outcomes(outcomes: [Outcome(name: "web:0", state: .stopped)])
        ),
        .reply(
            "reply-Restart",
            Control.Restart.self,
            Outcomes(outcomes: [Outcome(name: "web:0", state: .running, pid: 4_243)])
        ),
        .reply("reply-Signal", Control.Signal.self, Names(names: ["web:0", "web:1"])),
        .reply(
            "reply-Tail-text",
            Control.Tail.self,
            .init(bytes: Array("gr\u{fc}n\u{0}\u{1b}[0m\n".utf8), gap: 17),
            continues: true
        ),
        .reply("reply-Tail-base64", Control.Tail.self, .init(bytes: [0x66, 0xff, 0x0a])),
        .reply("reply-Tail-ended", Control.Tail.self, .init(bytes: [], ended: true)),
        .reply("reply-ClearLog", Control.ClearLog.self, Names(names: ["web:0"])),
        .reply("reply-RotateLogs", Control.RotateLogs.self, Names(names: ["web"])),
        .reply("reply-Status-log", Control.Status.self, .init(programs: [loggingProgram])),
        .reply("reply-ReopenLogs", Control.ReopenLogs.self, Done()),
        .reply(
            "reply-Version",
            Control.Version.self,
            .init(version: "1.0.0", pid: 812, config: "/etc/keepd/keepd.json")
        ),
        .reply("reply-Shutdown", Control.Shutdown.self, Done()),
    ]

    static let errors: [ControlError] = [
        .interfaceNotFound(interface: "org.example"),
        .methodNotFound(method: "org.keepd.Control.Fly"),
        .methodNotImplemented(method: "org.keepd.Control.Tail"),
        .invalidParameter(parameter: "names"),
        .noSuchProgram(name: "wbe"),
        .ambiguous(name: "web", instances: ["web:0", "web:1"]),
        .notAllowed(method: "org.keepd.Control.Shutdown"),
        .startFailed(
            name: "web",
            Outcome.Failure(cause: "exit", message: "exit code 1", tail: ["no port", "bye"])
        ),
        .notRunning(name: "web"),
        .timedOut(name: "web", state: .starting),
        .shuttingDown,
        .invalidConfiguration(
            problems: [
                #"keepd.json:3:7: programs.web: unknown key "comand""#,
                "keepd.json:9:1: not JSON",
            ]
        ),
        .planChanged(hash: hash),
        .notSaved(reason: "cannot write /var/lib/keepd/enabled.json: no space left on device"),
        .reexecFailed(
            reason: "the binary on disk cannot go on from here: exit code 71",
            output: "keepd: cannot read the state"
        ),
        .inputRefused(name: "web", reason: "its stdin is not a pipe"),
    ]

    static var runningProgram: Program {
        var program = Program(
            name: "web:0",
            program: "web",
            instance: 0,
            state: .running,
            since: "2026-11-22T22:40:01.123Z"
        )
        program.groups = ["site"]
        program.isReady = true
        program.isHealthy = true
        program.pid = 4_242
        program.uptime = Seconds(rawValue: 72.5)
        program.restarts = 3
        program.lastExit = LastExit(code: 1, cause: "exit", at: "2026-11-22T22:40:01.020Z")
        program.statusText = "serving"
        program.memoryBytes = 1_048_576
        program.processorTime = Seconds(rawValue: 0.42)
        program.logBytes = Program.LogBytes(stdout: 99, stderr: 0)
        program.description = "front end"
        return program
    }

    static var fatalProgram: Program {
        var program = Program(
            name: "worker",
            program: "worker",
            instance: 0,
            state: .backoff,
            since: "2026-11-22T22:40:01.123Z"
        )
        program.failures = 3
        program.lastExit = LastExit(
            signal: "SEGV",
            cause: "signal",
            at: "2026-11-22T22:40:01.123Z",
            message: "signal SEGV, core dumped",
            by: "root (keepctl[99])"
        )
        program.nextAttempt = "2026-11-22T22:40:03.223Z"
        program.waitingFor = ["db"]
        return program
    }

    static let loggingProgram: Program = {
        var (program, stdout) = (stoppedProgram, Program.Log.Stream())
        (stdout.bytes, stdout.lines, stdout.rotations) = (99, 3, 2)
        (stdout.droppedBytes, stdout.droppedLines) = (7, 1)
        stdout.stalled = Seconds(rawValue: 1.5)
        program.log = Program.Log(stdout: stdout, stderr: Program.Log.Stream())
        return program
    }()

    static let stoppedProgram = Program(
        name: "zebra",
        program: "zebra",
        instance: 0,
        state: .stopped,
        since: "2026-11-22T22:39:00.000Z"
    )

    private static let failedOutcome = Outcome(
        name: "web:0",
        state: .fatal,
        failed: Outcome.Failure(cause: "exit", message: "exit code 1", tail: ["no port"])
    )

    private static func order<Kind: Verb>(_: Kind.Type) -> Control.Order<Kind> {
        Control.Order(names: ["web"], wait: false, timeoutMilliseconds: 2_500)
    }
}
