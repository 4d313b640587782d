import ControlProtocol
import Foundation
import LinuxSystem
import SystemTypes
import Testing

/// `keepctl` without a command, on a real terminal.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct PromptTerminalTests {
    @Test func `commands are completed, carried out, remembered and left`() throws {
        let daemon = try RunningDaemon(
            ["db": misbehave("--pause"), "web": misbehave("--pause")]
        )
        try daemon.start("all")
        let terminal = try Tmux(in: daemon.scratch)
        let home = daemon.scratch.path("home")
        let keepctl = "XDG_STATE_HOME=\(home) keepctl -s \(daemon.socketPath)"
        try terminal.type(keepctl, "Enter")
        try terminal.wait(for: "keepd>")
        try terminal.type("sto", "Tab")
        try terminal.wait(for: "keepd> stop")
        try terminal.type("we", "Tab", "Enter")
        try terminal.wait(for: "web: stopped")
        // Ctrl-C gives up the line, and Ctrl-C ends a command that waits.
        try terminal.type("shutdown", "C-c")
        try terminal.type("status db", "Enter")
        try terminal.wait(for: "db    RUNNING")
        try terminal.type("events -f", "Enter")
        try terminal.wait("an event") { $0.contains { $0.contains("STOPPED ") } }
        try terminal.type("", "C-c")
        try terminal.type("start we", "Tab", "Enter")
        try terminal.wait(for: "web: started")
        try terminal.type("nonsense", "Enter")
        try terminal.wait(for: "Error: ")
        try terminal.type("", "C-d")
        try terminal.type("clear; \(keepctl)", "Enter")
        try terminal.wait("another prompt") { $0.contains("keepd>") }
        try terminal.type("", "Up", "Up")
        try terminal.wait(for: "keepd> start web")
        try terminal.type("", "C-c")
        try terminal.type("exit", "Enter")
        #expect(try daemon.status(of: "web").state == .running)
        let file = "\(home)/keepd/keepctl.history"
        #expect(Files.mode(of: file) == 0o600)
    }

    @Test(arguments: ["C", "C.UTF-8", "nosuch"])
    func `every character can be typed, and keepctl is who has asked`(locale: String) throws {
        let script = "while read -r line; do echo \"got $line\"; done"
        let daemon = try RunningDaemon(["cat": shell(script, settings: #""stdin": "pipe""#)])
        try daemon.start("cat")
        let terminal = try Tmux(in: daemon.scratch)
        let variables = "LC_ALL=\(locale) XDG_STATE_HOME=\(daemon.scratch.path("home"))"
        try terminal.type("\(variables) keepctl -s \(daemon.socketPath)", "Enter")
        try terminal.wait(for: "keepd>")
        try terminal.type(#"send cat "ü ☃ y""#, "Enter")
        try daemon.process.output.waitForLine("it") { $0 == "cat | got ü ☃ y" }
        try terminal.type("stop cat", "Enter")
        try terminal.wait(for: "cat: stopped")
        let runs = try daemon.call(Control.History(names: ["cat"])).runs
        #expect(runs.last?.exit?.detail?.requester?.command == "keepctl")
    }

    @Test func `without a terminal there is no prompt, but a complaint`() throws {
        let run = try Run([Places.product("keepctl"), "-s", "/nowhere"])
        #expect(run.status == .exited(64) && run.error.contains("Missing command"))
    }
}
