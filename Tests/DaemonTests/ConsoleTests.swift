import ControlProtocol
import Foundation
import SystemTypes
import Testing

/// What a person sees who runs keepd in the foreground.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ConsoleTests {
    private static let once = #""restart": "never""#

    @Test func `a program's lines come on standard output, each behind its name`() throws {
        let script = "echo one; echo; echo two >&2; printf 'no end'"
        let daemon = try RunningDaemon(["web": shell(script, settings: Self.once)])
        try daemon.waitForLog("web: exited: exit code 0")
        #expect(try daemon.end() == .exited(0))
        // Two outputs are two pipes; which of them is read first, nobody can tell.
        #expect(
            daemon.process.output.lines.sorted() == [
                "web | ", "web | no end", "web | one", "web | two",
            ]
        )
    }

    @Test func `the journal takes nothing from the console of who looks on`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave("--line", "hello", settings: #""stdout": {"journal": true}"#)
        ])
        try daemon.process.output.waitForLine("hello") { $0 == "web | hello" }
        #expect(try daemon.end() == .exited(0))
    }

    @Test func `nothing is coloured where nobody looks`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave("--line", "hello"), "bad": program(["/nowhere"]),
        ])
        try daemon.process.output.waitForLine("hello") { $0 == "web | hello" }
        #expect(try daemon.end() == .exited(0))
        #expect(!daemon.process.error.bytes.contains(0x1b))
        #expect(!daemon.process.output.bytes.contains(0x1b))
    }

    @Test func `on a terminal each name has its colour, unless it is told not to`() throws {
        let programs: KeyValuePairs = ["web": misbehave("--line", "hello")]
        let daemon = try RunningDaemon(programs, outlet: .terminal)
        let line = try daemon.process.output.waitForLine("hello") { $0.hasSuffix("hello\r") }.text
        #expect(line.hasPrefix("\u{1b}[") && line.contains("web |\u{1b}[0m hello"))

        let plain = try RunningDaemon(programs, arguments: ["--color", "never"], outlet: .terminal)
        try plain.process.output.waitForLine("hello") { $0 == "web | hello\r" }
        #expect(!plain.process.output.bytes.contains(0x1b))

        let coloured = try RunningDaemon(programs, arguments: ["--color", "always"])
        try coloured.process.output.waitForLine("hello") { $0.contains("web |\u{1b}[0m hello") }
    }

    @Test func `the daemon's own lines are JSON where that is asked for`() throws {
        let daemon = try RunningDaemon(
            ["we.b": program(["/nowhere/\"quoted\""])],
            arguments: ["--log-format", "json"]
        )
        try daemon.process.error.waitForLine("of the failure") { $0.contains("cannot execute") }
        for line in daemon.log {
            let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
            #expect(event?.keys.sorted() == ["level", "message", "time"], "\(line)")
        }
    }

    @Test func `the last words of a program come before its exit is told`() throws {
        // Both outputs of the daemon in one pipe, so that their order can be seen.
        let daemon = try RunningDaemon(
            ["web": misbehave("--print", "70KB", "--line", "last words", "--exit-code", "3")],
            wrapper: ["/bin/sh", "-c", #"exec "$@" 2>&1"#, "sh"],
            log: .output
        )
        var next = 0
        for round in 1...50 {
            next = try daemon.process.output.waitForLine("of exit \(round)", from: next) {
                $0.hasSuffix("web: ended: exit code 3; starting again")
            }.next
            let words = daemon.process.output.lines[..<next].count { $0 == "web | last words" }
            #expect(words >= round)
        }
    }
}
