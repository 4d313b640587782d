import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// How the daemon ends, and that nothing of it remains.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct EndTests {
    private func expectNothingLeft(of daemon: RunningDaemon) throws {
        #expect(try daemon.waitForEnd() == .exited(0))
        #expect(!daemon.scratch.has("keepd.sock"))
        #expect(daemon.survivors.isEmpty)
    }

    @Test(arguments: [Signal.terminate, .interrupt, .quit, .power, .halt])
    func `a signal stops everything, and the daemon with it`(signal: Signal) throws {
        let daemon = try RunningDaemon([
            "one": misbehave("--pause"), "two": misbehave("--pause", settings: #""instances": 3"#),
        ])
        try daemon.process.send(signal)
        try expectNothingLeft(of: daemon)
        let stopped = daemon.log.compactMap {
            $0.hasSuffix(": stopped") ? $0.split(separator: " ")[2] : nil
        }
        #expect(stopped.sorted() == ["one:", "two:0:", "two:1:", "two:2:"])
    }

    @Test func `the call Shutdown does the same, and answers first`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        _ = try daemon.call(Control.Shutdown())
        try expectNothingLeft(of: daemon)
        #expect(daemon.log.contains { $0.contains("shutting down, asked by") })
    }

    @Test func `a shutdown that has begun takes no more orders`() throws {
        let daemon = try RunningDaemon([
            "deaf": misbehave(
                "--ignore",
                "TERM",
                "--line",
                "deaf",
                settings: #""stop": {"timeout": "1h"}"#
            )
        ])
        try daemon.process.output.waitForLine("deaf") { $0 == "deaf | deaf" }
        _ = try daemon.call(Control.Shutdown())
        #expect(throws: ControlError.shuttingDown) { try daemon.start("deaf") }
        #expect(try daemon.status(of: "deaf").state == .stopping)
        try daemon.process.send(.terminate)
        try expectNothingLeft(of: daemon)
    }

    @Test func `a second signal kills what does not listen`() throws {
        let daemon = try RunningDaemon(
            [
                "deaf": misbehave(
                    "--ignore",
                    "TERM",
                    "--daemonize",
                    "--line",
                    "deaf",
                    settings: #""stop": {"timeout": "1h"}"#
                )
            ],
            daemon: #""shutdownTimeout": "1h""#
        )
        try daemon.process.output.waitForLine("deaf") { $0 == "deaf | deaf" }
        try daemon.process.send(.terminate)
        try daemon.waitForLog("deaf: stopping")
        try daemon.process.send(.terminate)
        try expectNothingLeft(of: daemon)
    }

    @Test func `the daemon waits no longer than its own patience`() throws {
        let daemon = try RunningDaemon(
            [
                "deaf": misbehave(
                    "--ignore",
                    "TERM",
                    "--line",
                    "deaf",
                    settings: #""stop": {"timeout": "1h"}"#
                )
            ],
            daemon: #""shutdownTimeout": "50ms""#
        )
        try daemon.process.output.waitForLine("deaf") { $0 == "deaf | deaf" }
        #expect(try daemon.end() == .exited(0))
        try expectNothingLeft(of: daemon)
    }

    @Test func `programs are stopped side by side`() throws {
        let daemon = try RunningDaemon([
            "web": misbehave("--on-term", "1s", "--line", "up", settings: #""instances": 8"#)
        ])
        for number in 0..<8 {
            try daemon.process.output.waitForLine("up") { $0 == "web:\(number) | up" }
        }
        #expect(try daemon.end() == .exited(0))
        // All have been asked before the first has ended.
        let firstEnd = try #require(daemon.log.firstIndex { $0.hasSuffix(": stopped") })
        #expect(daemon.log[..<firstEnd].count { $0.hasSuffix(": stopping") } == 8)
    }

    @Test func `a program in backoff or given up does not hold up the end`() throws {
        let daemon = try RunningDaemon([
            "later": program(
                ["/nowhere"],
                settings: #""restart": {"backoff": {"initial": "1h", "max": "1h"}}"#
            ),
            "never": program(["/nowhere"], settings: #""restart": {"retries": 1}"#),
        ])
        try daemon.process.error.waitForLine("of the backoff") { $0.contains("later: failed") }
        try daemon.process.error.waitForLine("of the end") { $0.contains("never: given up") }
        #expect(try daemon.end() == .exited(0))
        try expectNothingLeft(of: daemon)
    }
}
