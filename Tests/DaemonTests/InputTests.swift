import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// What is sent to programs, and told of them to other programs.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct InputTests {
    @Test func `a program reads what it is sent, over all its runs`() throws {
        let script = "while read -r line; do echo \"got $line\"; done"
        let daemon = try RunningDaemon(["cat": shell(script, settings: #""stdin": "pipe""#)])
        try daemon.start("cat")
        _ = try daemon.call(Control.WriteStdin(name: "cat", bytes: Array("one\ntw".utf8)))
        _ = try daemon.call(Control.WriteStdin(name: "cat", bytes: Array("o\n".utf8)))
        try daemon.process.output.waitForLine("two") { $0 == "cat | got two" }
        try daemon.restart("cat")
        _ = try daemon.call(Control.WriteStdin(name: "cat", bytes: Array("three\n".utf8)))
        try daemon.process.output.waitForLine("three") { $0 == "cat | got three" }
    }

    @Test func `more than a pipe holds arrives when it is read`() throws {
        let script = "read -r go; head -c 500000 | cksum"
        let daemon = try RunningDaemon([
            "sum": shell(script, settings: #""stdin": "pipe", "restart": "never""#)
        ])
        try daemon.start("sum")
        let bytes = [UInt8](repeating: 0x61, count: 500_000)
        _ = try daemon.call(Control.WriteStdin(name: "sum", bytes: Array("go\n".utf8) + bytes))
        let sum = try Run(["/bin/sh", "-c", "head -c 500000 /dev/zero | tr '\\0' a | cksum"])
        let line = "sum | " + sum.output.trimmingCharacters(in: .newlines)
        try daemon.process.output.waitForLine("the sum") { $0 == line }
    }

    @Test func `what a program does not read is refused before it is too much`() throws {
        let daemon = try RunningDaemon(["deaf": misbehave("--pause", settings: #""stdin": "pipe""#)]
        )
        try daemon.start("deaf")
        let half = Control.WriteStdin(name: "deaf", bytes: [UInt8](repeating: 0x61, count: 600_000))
        _ = try daemon.call(half)
        let error = #expect(throws: ControlError.self) {
            for _ in 0..<4 { _ = try daemon.call(half) }
        }
        guard case .inputRefused(name: "deaf", _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `what is asked for in two ways at once is refused`() throws {
        let daemon = try RunningDaemon(["cat": misbehave("--pause", settings: #""stdin": "pipe""#)])
        try daemon.start("cat")
        #expect(throws: ControlError.invalidParameter(parameter: "bytes")) {
            try daemon.call(Control.Tail(name: "cat", lines: 1, bytes: 1))
        }
        let client = try daemon.connect()
        let both = #"{"name":"cat","text":"a","base64":"Yg=="}"#
        let call = #"{"method":"org.keepd.Control.WriteStdin","parameters":\#(both)}"#
        try client.send(Array(call.utf8) + [0])
        #expect(throws: ControlError.invalidParameter(parameter: "base64")) {
            try client.answer(Control.WriteStdin.self)
        }
    }

    @Test func `there has to be somebody who reads`() throws {
        let daemon = try RunningDaemon([
            "off": misbehave("--pause", settings: #""stdin": "pipe", "autostart": false"#),
            "web": misbehave("--pause"),
        ])
        try daemon.start("web")
        let several = ControlError.ambiguous(name: "*", instances: ["off", "web"])
        #expect(throws: several) { try daemon.call(Control.WriteStdin(name: "*", bytes: [])) }
        #expect(throws: ControlError.notRunning(name: "off")) {
            try daemon.call(Control.WriteStdin(name: "off", bytes: []))
        }
        #expect(
            throws: ControlError.inputRefused(name: "web", reason: #"its stdin is not "pipe""#)
        ) {
            try daemon.call(Control.WriteStdin(name: "web", bytes: []))
        }
    }

    @Test func `programs are told to read their configuration again`() throws {
        let script = "trap 'echo heard' HUP; echo up; while :; do sleep 3600 & wait; done"
        let settings = #""autostart": false"#
        let daemon = try RunningDaemon([
            "off": misbehave("--pause", settings: settings), "web": shell(script),
        ])
        try daemon.process.output.waitForLine("up") { $0 == "web | up" }
        #expect(throws: ControlError.notRunning(name: "off")) {
            try daemon.call(Control.Reload(names: ["off", "web"]))
        }
        #expect(try daemon.call(Control.Reload(names: ["web"])).names == ["web"])
        try daemon.process.output.waitForLine("heard") { $0 == "web | heard" }
        #expect(daemon.process.output.lines.filter { $0 == "web | heard" }.count == 1)
    }

    @Test func `the numbers of all programs come as OpenMetrics`() throws {
        let daemon = try RunningDaemon([
            "db": misbehave("--line", "hello", "--pause"),
            "web": misbehave("--pause", settings: #""instances": 2, "autostart": false"#),
            "done": misbehave("--exit-code", "3", settings: #""restart": "never""#),
        ])
        try daemon.waitForLog("done: exited: exit code 3")
        try daemon.process.output.waitForLine("hello") { $0 == "db | hello" }
        try daemon.start("db", "web:1")
        let text = try daemon.call(Control.Metrics()).text
        let lines = Set(text.split(separator: "\n").map(String.init))
        for line in [
            #"keepd_program_state{name="db",program="db",keepd_program_state="running"} 1"#,
            #"keepd_program_state{name="web:0",program="web",keepd_program_state="stopped"} 1"#,
            #"keepd_program_state{name="web:0",program="web",keepd_program_state="running"} 0"#,
            #"keepd_program_ready{name="web:1",program="web"} 1"#,
            #"keepd_program_last_exit_info{name="done",program="done",cause="exit",code="3"} 1"#,
            #"keepd_program_restarts_total{name="db",program="db"} 0"#,
            #"keepd_program_log_bytes_total{name="db",program="db",stream="stdout"} 6"#,
            "# TYPE keepd_program_restarts counter",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(text.hasSuffix("\n# EOF\n"))
        // There is no process that could have any.
        #expect(!text.contains(#"keepd_program_uptime_seconds{name="web:0""#))
        #expect(text.contains(#"keepd_program_uptime_seconds{name="web:1""#))
    }
}
