import ControlProtocol
import SystemTypes
import Testing

/// Programs that need others.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct DependencyTests {
    private static func needing(_ names: String, _ orders: String...) -> String {
        program(
            [Places.product("misbehave")] + orders + ["--pause"],
            settings: "\"dependsOn\": \(names)"
        )
    }

    /// The names of the programs of which the log says that, in its order.
    private func names(_ daemon: RunningDaemon, _ ending: String) -> [Substring] {
        daemon.log.filter { $0.hasSuffix(": \(ending)") }
            .compactMap { $0.split(separator: " ").dropLast().last?.dropLast() }
    }

    @Test func `starts go in the order of need, and stops the other way round`() throws {
        let daemon = try RunningDaemon([
            "web": Self.needing(#"{"app": "ready"}"#), "app": Self.needing(#"["db"]"#),
            "db": misbehave("--pause"),
        ])
        #expect(try daemon.start("web").map(\.state) == [.running])
        try daemon.waitForLog("web: running")
        #expect(names(daemon, "running") == ["db", "app", "web"])
        #expect(try daemon.end() == .exited(0))
        #expect(names(daemon, "stopped") == ["web", "app", "db"])
    }

    @Test func `a oneshot that succeeds is up, and lets go on what waits for it`() throws {
        let daemon = try RunningDaemon([
            "web": Self.needing(#"{"migrate": "completed"}"#),
            "migrate": misbehave("--exit-code", "0", settings: #""type": "oneshot""#),
        ])
        #expect(try daemon.start("web").map(\.state) == [.running])
        #expect(try daemon.status(of: "migrate").state == .exited)
        #expect(try daemon.start("migrate").map(\.state) == [.exited])
        let explanation = try daemon.call(Control.Explain(names: ["web"])).explanations[0]
        #expect(
            explanation.needs == [.init(program: "migrate", condition: .completed, isMet: true)]
        )
    }

    @Test func `what waits says for whom, and is ready when that has come`() throws {
        let script = "while [ ! -e go ]; do sleep 0.01; done"
        let daemon = try RunningDaemon([
            "web": Self.needing(#"{"migrate": "completed"}"#),
            "migrate": shell(script, settings: #""type": "oneshot","# + inScratch),
        ])
        let client = try daemon.connect()
        try client.send(Call.encode(Control.Start(names: ["web"])))
        let waiting = try eventually("that web waits") {
            let web = try daemon.status(of: "web")
            return web.state == .waiting ? web : nil
        }
        #expect(waiting.waitingFor == ["migrate"])
        try daemon.scratch.write("", to: "go")
        #expect(try client.answer(Control.Start.self).outcomes.map(\.state) == [.running])
        #expect(try daemon.status(of: "web").waitingFor == [])
    }

    @Test func `a start fails because of what it needs, and says so`() throws {
        let daemon = try RunningDaemon([
            "web": Self.needing(#"{"migrate": "completed"}"#),
            "migrate": misbehave(
                "--exit-code",
                "3",
                settings: #""type": "oneshot", "restart": "never""#
            ),
        ])
        let error = #expect(throws: ControlError.self) { try daemon.start("web") }
        guard case .startFailed(name: "web", let failure)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failure.cause == "dependency")
        let exit = try #require(try daemon.status(of: "web").lastExit)
        #expect(exit.cause == "dependency" && exit.detail?.program == "migrate")
    }

    @Test func `a stop takes those with it that need it, and they come back when it does`() throws {
        let daemon = try RunningDaemon([
            "web": Self.needing(#"["db"]"#), "db": misbehave("--pause"),
        ])
        try daemon.start("all")
        #expect(try daemon.stop("db").map(\.state) == [.stopped])
        let web = try daemon.status(of: "web")
        #expect(web.state == .waiting && web.waitingFor == ["db"])
        #expect(web.lastExit?.cause == "dependency")
        // What the daemon prints may come after what it answers.
        try daemon.waitForLog("db: stopping")
        #expect(names(daemon, "stopping") == ["web", "db"])
        try daemon.start("db")
        _ = try eventually("that web is back") {
            try daemon.status(of: "web").state == .running ? true : nil
        }
    }

    @Test func `who needs what is restarted, or fails for good, runs on`() throws {
        let daemon = try RunningDaemon([
            "web": Self.needing(#"["db"]"#),
            "db": misbehave("--pause", settings: #""restart": "never""#),
        ])
        try daemon.start("all")
        let pid = try daemon.status(of: "web").pid
        #expect(try daemon.restart("db").map(\.state) == [.running])
        #expect(try daemon.status(of: "web").pid == pid)
        _ = try daemon.call(Control.Signal(names: ["db"], signal: "KILL"))
        _ = try eventually("that db is no more") {
            try daemon.status(of: "db").state == .exited ? true : nil
        }
        let web = try daemon.status(of: "web")
        #expect(web.pid == pid && web.state == .running)
    }
}
