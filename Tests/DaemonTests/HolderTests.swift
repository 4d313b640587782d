import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

/// keepd as the child of keepd-holder.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct HolderTests {
    private func start(
        _ programs: KeyValuePairs<String, String> = ["web": misbehave("--pause")],
        scratch: Scratch? = nil
    ) throws -> RunningDaemon {
        try RunningDaemon(programs, scratch: scratch, arguments: ["--holder"])
    }

    @Test func `what is sent to the holder reaches keepd, and both end clean`() throws {
        let daemon = try start()
        try daemon.waitForLog("web: running")
        let keepd = try daemon.keepd
        try daemon.process.send(.user1)
        try daemon.waitForLog("log files reopened")
        try daemon.process.send(.hangUp)
        try daemon.waitForLog("configuration is the same")
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.log.contains { $0.hasSuffix("shutting down on signal TERM") })
        #expect(!Survivors.isAlive(keepd) && daemon.survivors.isEmpty)
        #expect(!daemon.scratch.has("keepd.sock"))
    }

    @Test func `an order to shut down ends the holder as well`() throws {
        let daemon = try start()
        try daemon.waitForLog("web: running")
        try daemon.order("shutdown")
        #expect(try daemon.waitForEnd() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }

    @Test func `the status of keepd is passed on`() throws {
        let scratch = try Scratch()
        let missing = try StartedProcess(
            [Places.product("keepd"), "--holder", "--config", scratch.path("none.json")]
        )
        #expect(try missing.waitForEnd() == .exited(78))
        #expect(missing.error.lines.allSatisfy { !$0.contains("starting it again") })

        let daemon = try start()
        let second = try StartedProcess(
            [Places.product("keepd"), "--holder", "--config", daemon.scratch.path("keepd.json")]
        )
        #expect(try second.waitForEnd() == .exited(75))
        #expect(try daemon.end() == .exited(0))

        let failing = try RunningDaemon(
            ["once": misbehave("--exit-code", "7", settings: #""restart": "never""#)],
            daemon: #""exitWhen": "all-exited""#,
            arguments: ["--holder"]
        )
        #expect(try failing.waitForEnd() == .exited(7))
    }

    @Test func `wrong usage is told by keepd itself`() throws {
        let wrong = try StartedProcess([Places.product("keepd"), "--holder", "--nonsense"])
        #expect(try wrong.waitForEnd() == .exited(64))
    }

    @Test func `one that cannot be had is no reason to go on without`() throws {
        let scratch = try Scratch()
        let keepd = try scratch.copy(product: "keepd")
        let daemon = try StartedProcess([keepd, "--holder", "--config", "none.json"])
        #expect(try daemon.waitForEnd() == .exited(71))
        try daemon.error.waitForEnd()
        #expect(daemon.error.lines.joined().contains("keepd-holder: no such file or directory"))
    }

    @Test(arguments: [Signal.kill, Signal(rawValue: 11), Signal.abort].compactMap(\.self))
    func `a keepd that is killed is followed by another`(signal: Signal) throws {
        let daemon = try start()
        try daemon.waitForLog("web: running")
        let keepd = try daemon.keepd
        try PidFD(opening: keepd).send(signal)
        try daemon.waitForLog("was ended by signal \(signal.rawValue); starting it again in 10 ms")
        let next = try eventually("the next keepd") { try? daemon.keepd }
        #expect(next != keepd)
        #expect(try daemon.end() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }

    @Test func `a TERM that comes while there is no keepd is not lost`() throws {
        let daemon = try start()
        try daemon.waitForLog("web: running")
        // In any order: the holder may see the one before the other.
        try PidFD(opening: daemon.keepd).send(.kill)
        try daemon.process.send(.terminate)
        #expect(try daemon.waitForEnd() == .exited(0))
        #expect(daemon.survivors.isEmpty)
    }

    @Test func `keepd goes on when the holder is killed, and says so`() throws {
        let daemon = try start()
        try daemon.waitForLog("web: running")
        let keepd = try daemon.keepd
        let process = try daemon.status(of: "web").pid
        try daemon.process.send(.kill)
        try daemon.process.waitForEnd()
        try daemon.waitForLog("a crash of keepd will not be survived")
        #expect(try daemon.status(of: "web").pid == process)
        let pidfd = try PidFD(opening: keepd)
        try pidfd.send(.terminate)
        try waitUntilReadable(pidfd.raw, "the end of keepd", until: .now + patience)
        #expect(daemon.survivors.isEmpty)
    }

    @Test func `programs know nothing of the holder`() throws {
        let orders = misbehave(
            "--env",
            "KEEPD_HOLDER",
            "--status",
            settings: #""stdout": "web.log""#
        )
        let daemon = try start(["web": orders])
        let lines = try eventually("what the program prints") {
            let lines = daemon.scratch.lines(of: "log/web.log")
            return lines.contains { $0.hasPrefix("descriptors") } ? lines : nil
        }
        #expect(lines.contains("KEEPD_HOLDER is not set"))
        #expect(lines.contains("descriptors 0 1 2"))
        #expect(try daemon.end() == .exited(0))
    }
}

extension RunningDaemon {
    /// The daemon itself, where the process that was started is its holder.
    var keepd: ProcessID {
        get throws {
            let children = ProcessTable.children(of: process.process)
            let keepd = children.first {
                ProcessTable.commandLine(of: $0).hasPrefix(Places.product("keepd") + " ")
            }
            guard let keepd else { throw NeverHappened("a keepd below the holder") }
            return keepd
        }
    }
}
