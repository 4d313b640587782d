import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

@testable import keepctl

@Suite struct StatusTableTests {
    @Test func `columns line up, and instances are sorted by their number`() throws {
        let programs = ["web:10", "web:9", "db"].map { name in
            var program = program(name, .running)
            program.pid = 4_242
            program.uptime = Seconds(rawValue: 72.9)
            return program
        }
        #expect(
            try table(programs) == [
                "db        RUNNING   pid 4242, uptime 0:01:12",
                "web:9     RUNNING   pid 4242, uptime 0:01:12",
                "web:10    RUNNING   pid 4242, uptime 0:01:12",
            ]
        )
    }

    @Test func `a line without a reason has no blanks at its end`() throws {
        #expect(try table([program("web", .running)]) == ["web    RUNNING"])
    }

    @Test func `colours do not move the columns`() throws {
        var fatal = program("web", .fatal)
        fatal.lastExit = LastExit(code: 1, cause: "exit", at: "")
        #expect(
            try table([fatal], isColored: true) == [
                "web    \u{1b}[31mFATAL\u{1b}[0m     exit code 1"
            ]
        )
    }

    @Test(arguments: [State.stopped, .exited])
    func `what rests has no colour`(state: State) {
        #expect(Paint(isOn: true).word(for: state) == state.rawValue.uppercased())
    }

    @Test func `a program cannot speak to the terminal through its status`() throws {
        var program = program("web", .running)
        program.statusText = "\u{1b}]0;evil\u{7}\u{9b}2J\n\rok\u{7f}"
        #expect(
            try table([program]) == [
                #"web    RUNNING   \x1b]0;evil\x07\x9b2J\x0a\x0dok\x7f"#
            ]
        )
    }

    private func table(_ programs: [Program], isColored: Bool = false) throws -> [String] {
        let now = try #require(WallTime(rfc3339: "2026-11-24T12:00:00.000Z"))
        let explanation = Explanation(now: now, zone: .utc)
        return StatusTable(explanation: explanation, paint: Paint(isOn: isColored))
            .lines(of: programs)
    }
}

/// A program by its name on the wire, in a state.
func program(_ name: String, _ state: State) -> Program {
    let parts = name.split(separator: ":")
    return Program(
        name: name,
        program: String(parts[0]),
        instance: parts.count > 1 ? Int(parts[1]) ?? 0 : 0,
        state: state,
        since: "2026-11-24T12:00:00.000Z"
    )
}
