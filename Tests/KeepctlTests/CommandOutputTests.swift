import ControlProtocol
import Testing

@testable import keepctl

/// What a command prints, and its exit status, for what the daemon answers.
@Suite(.timeLimit(.minutes(10))) struct CommandOutputTests {
    @Test func `an order is told of program by program`() async {
        let result = await #expect(processExitsWith: .exitCode(1), observing: both) {
            try keepctl(
                ["restart", "all"],
                Reply.encode(Outcomes(outcomes: [running("db")]), continues: true)
                    + Reply.encode(Outcomes(outcomes: [running("cache"), failed("web")]))
            )
        }
        #expect(text(result?.standardOutputContent) == "db: restarted\ncache: restarted\n")
        #expect(
            text(result?.standardErrorContent) == "web: cannot restart: exit code 1\n  no port\n"
        )
    }

    @Test func `an order that is not waited for tells the states`() async {
        let result = await #expect(processExitsWith: .success, observing: both) {
            try keepctl(
                ["start", "--no-wait", "web"],
                Reply.encode(Outcomes(outcomes: [Outcome(name: "web", state: .starting)]))
            )
        }
        #expect(text(result?.standardOutputContent) == "web: starting\n")
    }

    @Test func `a wait says what it has waited for`() async {
        let result = await #expect(processExitsWith: .exitCode(1), observing: both) {
            try keepctl(
                ["wait", "--for", "healthy", "all"],
                Reply.encode(Outcomes(outcomes: [running("db"), failed("web")]))
            )
        }
        #expect(text(result?.standardOutputContent) == "db: healthy\n")
        #expect(
            text(result?.standardErrorContent)
                == "web: cannot become healthy: exit code 1\n  no port\n"
        )
    }

    @Test func `outcomes as JSON are one array`() async {
        let result = await #expect(processExitsWith: .success, observing: both) {
            try keepctl(
                ["scale", "--json", "web=2"],
                Reply.encode(Outcomes(outcomes: [running("web:0")]), continues: true)
                    + Reply.encode(Outcomes(outcomes: [running("web:1")]))
            )
        }
        #expect(
            text(result?.standardOutputContent) == """
                [{"failed":null,"name":"web:0","pid":7,"state":"running"},\
                {"failed":null,"name":"web:1","pid":7,"state":"running"}]

                """
        )
    }

    @Test func `what is done at once is told by name`() async {
        let result = await #expect(processExitsWith: .success, observing: both) {
            try keepctl(["reload", "all"], Reply.encode(Names(names: ["db", "web"])))
        }
        #expect(text(result?.standardOutputContent) == "db: reloading\nweb: reloading\n")
    }

    @Test func `a line is sent with its end`() async {
        let result = await #expect(processExitsWith: .success, observing: both) {
            let daemon = try FakeDaemon { message in
                let request = try? Call(decoding: message).parameters(as: Control.WriteStdin.self)
                #expect(request?.bytes == Array("say hello\n".utf8))
                return Reply.encode(Done())
            }
            Keepctl.carryOut(["-s", daemon.path, "send", "game", "say", "hello"])
        }
        #expect(text(result?.standardOutputContent) == "game: sent\n")
    }

    @Test func `metrics come as they are`() async {
        let result = await #expect(processExitsWith: .success, observing: both) {
            try keepctl(["metrics"], Reply.encode(Control.Metrics.Answer(text: "a 1\n# EOF\n")))
        }
        #expect(text(result?.standardOutputContent) == "a 1\n# EOF\n")
    }

    @Test func `events are lines, and what is missing is said where it was asked for`() async {
        let result = await #expect(processExitsWith: .success, observing: both) {
            try keepctl(
                ["events", "--since", "3", "--color", "never", "--json"],
                Reply.encode(Control.Events.Answer(number: 9, events: [], gap: 5))
            )
        }
        #expect(text(result?.standardOutputContent) == "{\"gap\":5}\n")
        let quiet = await #expect(processExitsWith: .success, observing: both) {
            try keepctl(
                ["events"],
                Reply.encode(Control.Events.Answer(number: 9, events: [], gap: 5), continues: true)
                    + Reply.encode(Control.Events.Answer(number: 9, events: [], gap: 2))
            )
        }
        #expect(text(quiet?.standardOutputContent) == "")
        #expect(text(quiet?.standardErrorContent) == "keepctl: 2 events are missing here\n")
    }

    @Test func `a method that the daemon does not have yet is a no`() async {
        let result = await #expect(processExitsWith: .exitCode(1), observing: both) {
            let error = ControlError.methodNotImplemented(method: "org.keepd.Control.History")
            try keepctl(["history", "web"], Reply.encode(error))
        }
        #expect(
            text(result?.standardErrorContent)
                == "keepctl: cannot call org.keepd.Control.History: not implemented\n"
        )
    }

    @Test func `logs come line by line behind the names of their programs`() async {
        let result = await #expect(processExitsWith: .success, observing: both) {
            try keepctl(
                ["logs", "--color", "never"],
                Reply.encode(
                    Control.Status.Answer(
                        programs: [program("db", .running), program("web:0", .running)]
                    )
                ),
                Reply.encode(Control.Tail.Answer(bytes: Array("one\ntw".utf8)), continues: true)
                    + Reply.encode(Control.Tail.Answer(bytes: Array("o\nrest".utf8))),
                Reply.encode(Control.Tail.Answer(bytes: [])),
                Reply.encode(Control.Tail.Answer(bytes: Array("GET /\n".utf8))),
                Reply.encode(Control.Tail.Answer(bytes: [0xff, 0x0a], gap: 3))
            )
        }
        let bytes = result?.standardOutputContent ?? []
        let expected = "db    | one\ndb    | two\ndb    | rest\nweb:0 | GET /\nweb:0 | "
        #expect(bytes == Array(expected.utf8) + [0xff, 0x0a])
        #expect(text(result?.standardErrorContent) == "keepctl: web:0: 3 bytes are missing here\n")
    }

    @Test func `logs as JSON are an object for each line`() async {
        let result = await #expect(processExitsWith: .success, observing: both) {
            try keepctl(
                ["logs", "web", "--json"],
                Reply.encode(Control.Status.Answer(programs: [program("web", .running)])),
                Reply.encode(Control.Tail.Answer(bytes: Array("a\nb\n".utf8))),
                Reply.encode(Control.Tail.Answer(bytes: Array("c\n".utf8)))
            )
        }
        #expect(
            text(result?.standardOutputContent) == """
                {"name":"web","stream":"stdout","text":"a"}
                {"name":"web","stream":"stdout","text":"b"}
                {"name":"web","stream":"stderr","text":"c"}

                """
        )
    }
}

private let both: [any PartialKeyPath<ExitTest.Result> & Sendable] = [
    \.standardOutputContent, \.standardErrorContent,
]

private func text(_ bytes: [UInt8]?) -> String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
}

private func running(_ name: String) -> Outcome {
    Outcome(name: name, state: .running, pid: 7)
}

private func failed(_ name: String) -> Outcome {
    let failure = Outcome.Failure(cause: "exit", message: "exit code 1", tail: ["no port"])
    return Outcome(name: name, state: .backoff, failed: failure)
}
