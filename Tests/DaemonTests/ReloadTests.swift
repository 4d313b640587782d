import ControlProtocol
import SystemTypes
import Testing

/// The signal HUP, which does what the call Apply does.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct ReloadTests {
    private static let pause = misbehave("--pause")

    private func pid(_ daemon: RunningDaemon, _ name: String) throws -> Int {
        try #require(try daemon.status(of: name).pid)
    }

    @Test func `on HUP the programs become what the file says`() throws {
        let daemon = try RunningDaemon(["db": Self.pause, "web": Self.pause])
        try daemon.start("all")
        let db = try pid(daemon, "db")
        try daemon.rewrite(["db": Self.pause, "new": Self.pause])
        try daemon.process.send(.hangUp)
        try daemon.waitForLog("configuration changed")
        #expect(try daemon.call(Control.Wait(names: ["new"], for: .ready)).outcomes.count == 1)
        #expect(try pid(daemon, "db") == db)
    }

    @Test func `on HUP a broken file is told of in full, and changes nothing`() throws {
        let daemon = try RunningDaemon(["db": Self.pause, "web": Self.pause])
        try daemon.start("all")
        let before = [try pid(daemon, "db"), try pid(daemon, "web")]
        try daemon.rewrite(["db": #"{"comand": ["x"]}"#, "web": #"{"command": 7}"#])
        try daemon.process.send(.hangUp)
        try daemon.waitForLog("configuration not changed: it does not load")
        #expect(daemon.log.contains { $0.contains("programs.db.comand") })
        #expect(daemon.log.contains { $0.contains("programs.web.command") })
        #expect([try pid(daemon, "db"), try pid(daemon, "web")] == before)
    }

    @Test func `keepd's own live keys are in effect at once`() throws {
        let deaf = misbehave(
            "--ignore",
            "TERM",
            "--line",
            "deaf",
            settings: #""stop": {"timeout": "1h"}"#
        )
        let daemon = try RunningDaemon(
            ["deaf": deaf],
            daemon: #""shutdownTimeout": "1h", "logLevel": "notice""#
        )
        try daemon.process.output.waitForLine("deaf") { $0 == "deaf | deaf" }
        #expect(!daemon.log.contains { $0.hasSuffix("deaf: running") })
        try daemon.rewrite(
            ["deaf": deaf],
            daemon: #""shutdownTimeout": "1ms", "logLevel": "info""#
        )
        try daemon.process.send(.hangUp)
        try daemon.waitForLog("configuration changed")
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.log.contains { $0.hasSuffix("deaf: stopping") })
    }

    @Test func `what takes a restart of keepd is shown until it is restarted`() throws {
        let daemon = try RunningDaemon(["web": Self.pause])
        let text = daemon.scratch.text(of: "keepd.json")
        try daemon.scratch.write(text.replacing(#""state""#, with: #""other""#), to: "keepd.json")
        for _ in 0..<2 {
            let plan = try daemon.call(Control.Diff()).plan
            #expect(plan.daemon.map(\.key) == ["stateDirectory"])
            #expect(plan.daemon.map(\.class) == [.restart])
            _ = try daemon.call(Control.Apply())
        }
    }
}
