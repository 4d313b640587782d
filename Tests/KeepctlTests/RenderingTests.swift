import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

@testable import keepctl

@Suite struct RenderingTests {
    @Test(arguments: [
        (0.0, "0:00:00"), (72.9, "0:01:12"), (3_600, "1:00:00"), (86_399, "23:59:59"),
        (86_400, "1 day, 0:00:00"), (183_845, "2 days, 3:04:05"), (-5, "0:00:00"),
    ])
    func `a stretch of time reads as on a clock`(seconds: Double, text: String) {
        #expect(Elapsed.clock(seconds) == text)
    }

    @Test(arguments: [
        (0.0, "0.0 s"), (-3, "0.0 s"), (0.05, "0.1 s"), (2.14, "2.1 s"), (60, "0:01:00"),
    ])
    func `a short stretch of time is told in tenths of a second`(seconds: Double, text: String) {
        #expect(Elapsed.short(seconds) == text)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00.000Z", 0), ("2026-11-22T22:40:01.123Z", 1_795_387_201_123),
        ("2028-02-29T23:59:59.999Z", 1_835_481_599_999),
    ])
    func `a time of the daemon is read to the millisecond`(text: String, milliseconds: Int64) {
        let time = WallTime(rfc3339: text)
        #expect(time?.nanoseconds == milliseconds * 1_000_000)
        #expect(time?.rfc3339 == text)
    }

    @Test(arguments: ["", "now", "2026-11-22", "2026-11-22T22:40:01.123+01:00", "Z-------Z"])
    func `what is no time of the daemon is not taken for one`(text: String) {
        #expect(WallTime(rfc3339: text) == nil)
    }

    @Test func `a failure is told with the last words of the program, indented`() {
        let failure = Outcome.Failure(
            cause: "exit",
            message: "exit code 1",
            tail: ["no\u{1b}[2J port", "\tbye"]
        )
        #expect(
            Deed.start.sentences(of: failure, for: "web") == [
                "web: cannot start: exit code 1", #"  no\x1b[2J port"#, "  \tbye",
            ]
        )
        #expect(
            Deed.restart.sentences(of: failure, for: "web").first
                == "web: cannot restart: exit code 1"
        )
    }

    @Test(arguments: [
        (ColorChoice.always, false, ["NO_COLOR": "1"], true),
        (.never, true, [:], false),
        (.auto, true, [:], true),
        (.auto, false, [:], false),
        (.auto, true, ["NO_COLOR": "1"], false),
        (.auto, true, ["NO_COLOR": ""], true),
        (.auto, true, ["TERM": "dumb"], false),
    ])
    func `colours are for terminals, and for those who insist`(
        choice: ColorChoice,
        onTerminal: Bool,
        environment: [String: String],
        isColored: Bool
    ) {
        #expect(choice.isColored(onTerminal: onTerminal, environment: environment) == isColored)
    }
}
