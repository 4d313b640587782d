import ControlProtocol
import Glibc
import LinuxSystem
import SystemTypes
import Testing

/// keepd as a service, of a manager that notes all that it is told.
@Suite(.wholeProgram, .timeLimit(.minutes(5))) struct ServiceTests {
    private static let pause = misbehave("--pause")
    private let scratch: Scratch
    private let manager: FakeManager

    init() throws {
        scratch = try Scratch()
        manager = try FakeManager(scratch)
    }

    @Test func `the manager hears when the socket answers, and then how many programs run`() throws
    {
        let daemon = try RunningDaemon(
            ["db": Self.pause, "web": Self.pause],
            scratch: scratch,
            manager: manager
        )
        try manager.wait(for: "READY=1")
        #expect(manager.messages == ["READY=1"])
        try manager.wait(for: "STATUS=2 of 2 running")
        try daemon.stop("web")
        try manager.wait(for: "STATUS=1 of 1 running")
    }

    @Test func `the manager hears what has failed, and nothing twice`() throws {
        let daemon = try RunningDaemon(
            [
                "db": Self.pause,
                "web": program(["/no/such"], settings: #""restart": {"retries": 1}"#),
            ],
            scratch: scratch,
            manager: manager
        )
        let start = Instant.now
        try manager.wait("the failure") { $0.hasSuffix("running; failed: web") }
        // It is stopped and started in a moment, and the line is the same after it.
        for _ in 0..<20 { try daemon.restart("db") }
        _ = try daemon.end()
        try manager.receive()
        let lines = manager.messages.filter { $0.hasPrefix("STATUS=") }
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0 != $1 })
        #expect(Double(lines.count) <= (Instant.now - start).inSeconds + 2, "\(lines)")
    }

    @Test(arguments: [true, false])
    func `a reload has a beginning, with its time, and an end`(isSound: Bool) throws {
        let daemon = try RunningDaemon(["db": Self.pause], scratch: scratch, manager: manager)
        try manager.wait(for: "READY=1")
        if isSound {
            try daemon.rewrite(["db": Self.pause, "new": Self.pause])
        } else {
            try scratch.write("{", to: "keepd.json")
        }
        let before = Instant.now
        try daemon.process.send(.hangUp)
        let message = try manager.wait("the reload") { $0.hasPrefix("RELOADING=1\n") }
        let time = try #require(message.split(separator: "=").last.flatMap { Int64($0) })
        let moment = Instant(nanoseconds: time * 1_000)
        #expect(moment + .microseconds(1) > before && moment <= .now)
        try manager.wait(for: "READY=1")
    }

    @Test func `a stop is announced, together with the time that it may take`() throws {
        let deaf = misbehave("--ignore", "TERM", settings: #""stop": {"timeout": "20s"}"#)
        let daemon = try RunningDaemon(
            ["deaf": deaf],
            daemon: #""shutdownTimeout": "300s""#,
            scratch: scratch,
            manager: manager
        )
        try manager.wait(for: "STATUS=1 of 1 running")
        try daemon.process.send(.terminate)
        try manager.wait(for: "STOPPING=1")
        let message = try manager.wait("more time") { $0.hasPrefix("EXTEND_TIMEOUT_USEC=") }
        let time = try #require(message.split(separator: "=").last.flatMap { Int64($0) })
        #expect(time > 290_000_000 && time < 400_000_000)
        try manager.wait("what is left") { $0 == "STATUS=stopping: deaf" }
        // The second one is without patience.
        try daemon.process.send(.terminate)
        #expect(try daemon.waitForEnd() == .exited(0))
    }

    @Test func `an end of its own is announced, too`() throws {
        let job = misbehave("--exit-code", "3", settings: #""type": "oneshot", "restart": "never""#)
        try RunningDaemon.write(["job": job], #""exitWhen": "all-exited""#, to: scratch)
        Stage.current?.add(socketPath: scratch.path("keepd.sock"))
        let daemon = try StartedProcess(
            [Places.product("keepd"), "--config", scratch.path("keepd.json")],
            manager: manager
        )
        try manager.wait(for: "STOPPING=1")
        #expect(try daemon.waitForEnd() == .exited(3))
    }

    // MARK: - The watchdog

    @Test func `a daemon that does not go round gives no sign of life`() throws {
        manager.environment = ["WATCHDOG_USEC": "200000"]
        let daemon = try RunningDaemon(["db": Self.pause], scratch: scratch, manager: manager)
        for _ in 0..<3 { try manager.wait(for: "WATCHDOG=1") }
        try daemon.process.send(.stop)
        _ = try eventually("the stop") { isStopped(daemon.process.process) ? true : nil }
        try manager.receive()
        let count = manager.messages.count
        // Five times what it would take.
        poll(nil, 0, 500)
        try manager.receive()
        #expect(manager.messages.count == count)
        try daemon.process.send(.continue)
        try manager.wait(for: "WATCHDOG=1")
    }

    private func isStopped(_ process: ProcessID) -> Bool {
        let text = try? Files.read("/proc/\(process)/stat", bytesMax: 4_096)
        return String(decoding: text ?? [], as: UTF8.self).contains(") T ")
    }

    @Test func `the watchdog of another process is not this one's`() throws {
        manager.environment = ["WATCHDOG_USEC": "20000", "WATCHDOG_PID": "1"]
        _ = try RunningDaemon(["db": Self.pause], scratch: scratch, manager: manager)
        try manager.wait(for: "STATUS=1 of 1 running")
        #expect(!manager.messages.contains("WATCHDOG=1"))
    }

    @Test(.disabled(if: Files.isSocket("/run/systemd/journal/socket"), "there is a journal"))
    func `without a journal its lines are text`() throws {
        let daemon = try RunningDaemon(["db": Self.pause], arguments: ["--log-format", "journal"])
        try daemon.waitForLog("info db: running")
    }

    @Test func `a manager that does not listen holds up nobody`() throws {
        // More than what a socket holds of what nobody has read.
        manager.environment = ["WATCHDOG_USEC": "2000"]
        let daemon = try RunningDaemon(["db": Self.pause], scratch: scratch, manager: manager)
        poll(nil, 0, 1_000)
        try daemon.restart("db")
        #expect(try daemon.end() == .exited(0))
    }

    // MARK: - What is passed

    @Test func `who connects to the socket of a socket unit is answered, and the file stays`()
        throws
    {
        let path = scratch.path("unit.sock")
        let socket = try UnixSocket.listen(at: path, backlog: 8, mode: 0o622)
        manager.sockets = [("keepd.socket", socket.release())]
        let settings = "printenv > \(scratch.path("environment")); exec sleep 1000"
        try RunningDaemon.write(["web": shell(settings)], "", to: scratch)
        let daemon = try RunningDaemon(
            configuration: scratch.path("keepd.json"),
            socketPath: path,
            scratch: scratch,
            manager: manager
        )
        try manager.wait(for: "STATUS=1 of 1 running")
        #expect(try daemon.status(of: "web").state == .running)
        #expect(!scratch.has("keepd.sock"))
        let environment = try eventually("the environment") {
            scratch.lines(of: "environment").isEmpty ? nil : scratch.lines(of: "environment")
        }
        #expect(environment.contains("KEEPD_SOCKET=\(path)"))
        #expect(!environment.contains { $0.hasPrefix("LISTEN_") || $0.hasPrefix("NOTIFY_") })
        #expect(try daemon.end() == .exited(0))
        #expect(Files.mode(of: path) == 0o622)
    }

    @Test func `a socket to which nobody can connect is refused, in words`() throws {
        try Pipe().split { reading, writing in
            manager.sockets = [("a.socket", reading.release()), ("b", writing.release())]
        }
        try RunningDaemon.write(["web": Self.pause], "", to: scratch)
        let daemon = try StartedProcess(
            [Places.product("keepd"), "--config", scratch.path("keepd.json")],
            manager: manager
        )
        #expect(try daemon.waitForEnd() == .exited(73))
        try daemon.error.waitForEnd()
        #expect(daemon.error.lines.contains { $0.contains("the socket of the service manager") })
    }

    @Test func `a descriptor of which nobody knows is closed`() throws {
        let pipe = try Pipe()
        manager.sockets = [("stranger", try OwnedFD.duplicate(pipe.writing.raw).release())]
        let reader = try OwnedFD.duplicate(pipe.reading.raw)
        _ = consume pipe
        let daemon = try RunningDaemon(["web": Self.pause], scratch: scratch, manager: manager)
        try manager.wait(for: "STATUS=1 of 1 running")
        for (_, descriptor) in manager.sockets { close(descriptor) }
        manager.sockets = []
        try waitUntilReadable(reader.raw, "the end of the pipe", until: .now + patience)
        #expect(try daemon.end() == .exited(0))
    }
}
