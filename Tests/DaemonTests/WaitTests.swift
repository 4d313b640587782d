import ControlProtocol
import Testing

/// A client that waits for what others do.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct WaitTests {
    private static let failing = misbehave(
        "--line",
        "alas",
        "--exit-code",
        "3",
        settings: #""autostart": false, "restart": {"when": "on-failure", "retries": 1}"#
    )

    @Test func `a wait for what is so already is over at once`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause", settings: #""instances": 2"#)])
        try daemon.start("web")
        let outcomes = try daemon.call(Control.Wait(names: ["web"], for: .ready)).outcomes
        #expect(outcomes.map(\.name).sorted() == ["web:0", "web:1"])
        #expect(outcomes.allSatisfy { $0.failed == nil && $0.state == .running })
        #expect(try daemon.call(Control.Wait(names: ["web"], for: .healthy)).outcomes.count == 2)
    }

    /// Waits for two programs, and comes back when the wait for the first is over.
    private func wait(_ daemon: RunningDaemon, for aim: Control.Wait.Aim) throws -> Client {
        let client = try daemon.connect()
        try client.send(Call.encode(Control.Wait(names: ["all"], for: aim), more: true))
        #expect(try client.answer(Control.Wait.self).outcomes.map(\.name) == ["db"])
        return client
    }

    @Test(arguments: [Control.Wait.Aim.ready, .healthy])
    func `a program that is stopped is waited for until somebody starts it`(
        aim: Control.Wait.Aim
    ) throws {
        let off = misbehave("--pause", settings: #""autostart": false"#)
        let daemon = try RunningDaemon(["db": off, "web": off])
        try daemon.start("db")
        let client = try wait(daemon, for: aim)
        try daemon.start("web")
        #expect(try client.answer(Control.Wait.self).outcomes.map(\.state) == [.running])
    }

    @Test func `a program that runs is waited for until somebody stops it`() throws {
        let daemon = try RunningDaemon(["db": misbehave("--pause"), "web": misbehave("--pause")])
        try daemon.start("all")
        try daemon.stop("db")
        let client = try wait(daemon, for: .stopped)
        try daemon.stop("web")
        #expect(try client.answer(Control.Wait.self).outcomes.map(\.state) == [.stopped])
    }

    @Test func `a program that is given up is a failure, with its last words`() throws {
        let daemon = try RunningDaemon(["bad": Self.failing], settle: "30s")
        let client = try daemon.connect()
        try client.send(Call.encode(Control.Wait(names: ["bad"], for: .ready)))
        _ = try? daemon.start("bad")
        let error = #expect(throws: ControlError.self) { try client.answer(Control.Wait.self) }
        guard case .startFailed(name: "bad", let failure)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failure.cause == "exit" && failure.tail == ["alas"])
        // At rest it is, whatever put it there.
        #expect(try daemon.call(Control.Wait(names: ["bad"], for: .stopped)).outcomes.count == 1)
    }

    @Test func `who stops what another starts again is told so`() throws {
        let stubborn = misbehave(
            "--ignore",
            "TERM",
            "--line",
            "up",
            settings: #""stop": {"timeout": "50m"}"#
        )
        let daemon = try RunningDaemon(["web": stubborn])
        try daemon.process.output.waitForLine("up") { $0 == "web | up" }
        let client = try daemon.connect()
        try client.send(Call.encode(Control.Stop(names: ["web"]), more: true))
        try daemon.waitForLog("web: stopping")
        _ = try daemon.call(Control.Start(names: ["web"], wait: false))
        let failure = try client.answer(Control.Stop.self).outcomes.first?.failed
        #expect(failure?.cause == "started")
        #expect(failure?.message.hasPrefix("started again by ") == true)
        _ = try daemon.call(Control.Stop(names: ["web"], wait: false))
        _ = try daemon.call(Control.Signal(names: ["web"], signal: "KILL"))
    }

    @Test func `a wait ends with its time`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause")])
        try daemon.start("web")
        #expect(throws: ControlError.timedOut(name: "web", state: .running)) {
            try daemon.call(Control.Wait(names: ["web"], for: .stopped, timeoutMilliseconds: 1))
        }
    }
}
