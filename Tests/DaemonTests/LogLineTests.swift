import ControlProtocol
import Foundation
import SystemTypes
import Testing

/// Lines with their times, readers that stall, and children that hold on to a pipe.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct LogLineTests {
    private static let once = #""restart": "never""#

    @Test func `each line begins with the time at which it came`() throws {
        let script = "echo one; printf 'two, '; sleep 0.05; echo and its end; printf unfinished"
        let stdout = #""stdout": {"file": "web.log", "timestamps": true},"# + Self.once
        let daemon = try RunningDaemon(["web": shell(script, settings: stdout)])
        try daemon.waitForLog("web: exited: exit code 0")
        let text = daemon.scratch.text(of: "log/web.log")
        let stamp = #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z /#
        #expect(text.replacing(stamp, with: "> ") == "> one\n> two, and its end\n> unfinished\n")
    }

    @Test func `what was printed since a time can be read`() throws {
        let script = "trap 'echo late' USR1; seq 1 20000; while :; do sleep 3600 & wait; done"
        let stdout = #""stdout": {"file": "web.log", "timestamps": true, "maxSize": "100KB"}"#
        let daemon = try RunningDaemon(["web": shell(script, settings: stdout)])
        _ = try eventually("the early lines") {
            daemon.scratch.lines(of: "log/web.log").last?.hasSuffix(" 20000") == true ? true : nil
        }
        let stamp = try #require(daemon.scratch.lines(of: "log/web.log").last?.prefix(27))
        func tail(_ since: String) throws -> [String] {
            let bytes = try daemon.call(Control.Tail(name: "web", since: since)).bytes
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "USR1"))
        _ = try eventually("the late line") {
            try tail(String(stamp)).last?.hasSuffix(" late") == true ? true : nil
        }
        let lines = try tail(String(stamp))
        #expect(lines.count >= 2 && lines.allSatisfy { $0.prefix(27) >= stamp })
        #expect(lines.contains { $0.hasSuffix(" 20000") })
        let late = try #require(lines.last).prefix(27)
        #expect(try tail(String(late)).map { $0.dropFirst(28) } == ["late"])
        #expect(throws: (any Error).self) { try tail("yesterday") }
    }

    @Test func `an end is told without those that hold on to the output`() throws {
        let script = "sleep 3600 & echo last words; exit 3"
        let settings = #""stdout": "web.log", "stop": {"scope": "process"},"# + Self.once
        let daemon = try RunningDaemon(["web": shell(script, settings: settings)])
        try daemon.waitForLog("web: exited: exit code 3")
        #expect(daemon.scratch.text(of: "log/web.log") == "last words\n")
    }

    @Test func `a follower that stalls slows nobody, and is told what it missed`() throws {
        let script =
            #"trap '"$0" --print 20MB --exit-code 0 2>/dev/null' USR1; echo up; while :; do sleep 3600 & wait; done"#
        let command = ["/bin/sh", "-c", script, Places.product("misbehave")]
        let daemon = try RunningDaemon(["web": program(command, settings: #""stdout": "web.log""#)])
        _ = try eventually("up") { daemon.scratch.size(of: "log/web.log") == 3 ? true : nil }
        let reader = try daemon.connect()
        try reader.send(Call.encode(Control.Tail(name: "web", bytes: 0, follow: true), more: true))
        #expect(try reader.answer(Control.Tail.self).bytes.isEmpty)
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "USR1"))
        _ = try eventually("all of it") {
            daemon.scratch.size(of: "log/web.log") == 20_000_003 ? true : nil
        }
        var (seen, missed) = (0, 0)
        while seen + missed < 20_000_000 {
            let piece = try reader.answer(Control.Tail.self)
            seen += piece.bytes.count
            missed += piece.gap ?? 0
        }
        #expect(seen + missed == 20_000_000 && missed > 0)
    }
}
