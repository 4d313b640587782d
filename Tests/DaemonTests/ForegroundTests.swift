import ControlClient
import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// Programs and the terminals of people.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ForegroundTests {
    private static let echo = "while read -r line; do echo \"got $line\"; done"

    @Test func `a program with a terminal has one in every run, and leads its session`() throws {
        let script = """
            test -t 0 && test -t 1 && test -t 2 && echo "terminal $(stty size) $TERM"
            exec 3</dev/tty && echo controlling; exit 3
            """
        let daemon = try RunningDaemon([
            "game": shell(script, settings: #""tty": true, "restart": "never""#)
        ])
        for _ in 0..<2 {
            try daemon.waitForLog("game: exited: exit code 3")
            let tail = try daemon.call(Control.Tail(name: "game"))
            let lines = "terminal 24 80 xterm\r\ncontrolling\r\n"
            #expect(String(decoding: tail.bytes, as: UTF8.self).hasSuffix(lines))
            _ = try? daemon.start("game")
        }
        #expect(try daemon.status(of: "game").failures == 0)
    }

    @Test func `what was printed last on a terminal is there before the end is told`() throws {
        let daemon = try RunningDaemon([
            "game": shell(
                "seq 1 2000; echo bye; exit 1",
                settings: #""tty": true, "restart": "never", "autostart": false"#
            )
        ])
        for _ in 0..<10 {
            _ = try? daemon.start("game")
            _ = try daemon.call(Control.Wait(names: ["game"], for: .stopped))
            let tail = try daemon.call(Control.Tail(name: "game", lines: 1))
            #expect(String(decoding: tail.bytes, as: UTF8.self) == "bye\r\n")
        }
    }

    @Test func `a terminal is resized, and only a terminal`() throws {
        let script = "trap 'stty size' WINCH; echo up; while :; do sleep 0.01; done"
        let daemon = try RunningDaemon([
            "game": shell(script, settings: #""tty": true"#), "web": misbehave("--pause"),
        ])
        try daemon.start("all")
        try daemon.process.output.waitForLine("up") { $0.hasPrefix("game | up") }
        _ = try daemon.call(Control.ResizeTerminal(name: "game", rows: 30, columns: 100))
        try daemon.process.output.waitForLine("the size") { $0.hasPrefix("game | 30 100") }
        #expect(throws: ControlError.invalidParameter(parameter: "rows")) {
            try daemon.call(Control.ResizeTerminal(name: "game", rows: 65_536, columns: 1))
        }
        #expect(throws: ControlError.inputRefused(name: "web", reason: "it has no terminal")) {
            try daemon.call(Control.ResizeTerminal(name: "web", rows: 1, columns: 1))
        }
    }

    @Test func `what comes from a file is passed on, and the answers come back`() throws {
        let script = "read -r line; echo \"got $line\"; echo oops >&2; exit 4"
        let daemon = try RunningDaemon([
            "once": shell(script, settings: #""stdin": "pipe", "restart": "never""#)
        ])
        try daemon.start("once")
        let keepctl = Places.product("keepctl")
        let run = try Run([
            "/bin/sh", "-c", "echo hello | \(keepctl) -s \(daemon.socketPath) fg once",
        ])
        #expect(run.status == .exited(0))
        #expect(run.output.split(separator: "\n").sorted() == ["got hello", "oops"])
        #expect(run.error.hasSuffix("\nonce: exited: exit code 4\n"))
    }

    @Test func `who reads slowly gets all that was printed before the end`() throws {
        let daemon = try RunningDaemon([
            "once": shell(
                "read -r line; head -c 400000 /dev/zero",
                settings: #""stdin": "pipe", "restart": "never""#
            )
        ])
        try daemon.start("once")
        let keepctl = "\(Places.product("keepctl")) -s \(daemon.socketPath)"
        let reading = "{ \(keepctl) wait --for stopped once >&2; cat; }"
        let run = try Run(["/bin/sh", "-c", "echo | \(keepctl) fg once | \(reading) | wc -c"])
        #expect(run.output == "400000\n")
    }

    @Test func `the end of a run ends what follows it, after all that it printed`() throws {
        let daemon = try RunningDaemon([
            "once": shell("read -r line; echo last", settings: #""stdin": "pipe""#),
            "off": misbehave("--pause", settings: #""autostart": false"#),
        ])
        func tail(_ name: String) -> Control.Tail {
            Control.Tail(name: name, follow: true, untilExit: true)
        }
        try daemon.start("once")
        var client = try ControlClient.Client(path: daemon.socketPath)
        var printed: [UInt8] = []
        try client.begin(tail("once"))
        var replies = try client.takeReplies(to: Control.Tail.self)
        #expect(!replies.isComplete)
        _ = try daemon.call(Control.WriteStdin(name: "once", bytes: Array("\n".utf8)))
        while !replies.isComplete {
            replies = try client.takeReplies(to: Control.Tail.self)
            for piece in replies.answers { printed += piece.bytes }
        }
        #expect(printed == Array("last\n".utf8))
        try client.callMore(tail("off")) { #expect($0.bytes.isEmpty) }
    }

    @Test func `there has to be one program, and it has to run`() throws {
        let daemon = try RunningDaemon([
            "off": misbehave("--pause", settings: #""autostart": false"#),
            "two": misbehave("--pause", settings: #""instances": 2"#),
        ])
        let keepctl = [Places.product("keepctl"), "-s", daemon.socketPath, "fg"]
        #expect(try Run(keepctl + ["off"]).status == .exited(1))
        #expect(try Run(keepctl + ["two"]).status == .exited(4))
    }

    @Test func `a shell in the program's terminal works as one, and is left by a key`() throws {
        let daemon = try RunningDaemon([
            "sh": program(
                ["/bin/sh"],
                settings: #""tty": true, "environment": {"PS1": "inner> "}"#
            )
        ])
        try daemon.start("sh")
        let pid = try daemon.status(of: "sh").pid
        let terminal = try Tmux(rows: 30, columns: 90, in: daemon.scratch)
        try terminal.type(
            "keepctl -s \(daemon.socketPath) fg sh; stty -a | grep -c ' echo '",
            "Enter"
        )
        try terminal.wait(for: "inner>")
        try terminal.type("stty size", "Enter")
        try terminal.wait(for: "30 90")
        try terminal.resize(rows: 20, columns: 70)
        // Ctrl-C goes to what runs there, not to keepctl.
        try terminal.type("sleep 1000", "Enter")
        try terminal.wait("the command") { $0.contains { $0.hasSuffix("sleep 1000") } }
        try terminal.type("", "C-c")
        try terminal.wait("^C") { $0.contains { $0.hasPrefix("^C") } }
        try terminal.type("stty size; echo mark", "Enter")
        try terminal.wait(for: "20 70")
        try terminal.type("", "C-]")
        let screen = try terminal.wait(for: "1")
        #expect(screen.contains("sh: runs on"))
        #expect(try daemon.status(of: "sh").pid == pid)
    }

    @Test(arguments: ["TERM", "SEGV", "ABRT"])
    func `the terminal is as it was, however keepctl ends`(signal: String) throws {
        let daemon = try RunningDaemon([
            "sh": shell("echo ready; exec cat", settings: #""tty": true"#)
        ])
        try daemon.start("sh")
        let terminal = try Tmux(in: daemon.scratch)
        let before = "stty -g > before; "
        let after = "; stty -g > after; cmp before after && echo the same"
        try terminal.type(
            "cd \(daemon.scratch.path); \(before)keepctl -s \(daemon.socketPath) fg sh\(after)",
            "Enter"
        )
        try terminal.wait(for: "ready")
        let process = try eventually("keepctl") {
            try Run(["pgrep", "-f", "keepctl -s \(daemon.socketPath) fg"]).output
                .split(separator: "\n").first.flatMap { Int32($0) }
        }
        try PidFD(opening: ProcessID(rawValue: process)).send(#require(Signal(name: signal)))
        try terminal.wait(for: "the same")
    }
}
