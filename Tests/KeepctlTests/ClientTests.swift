import ControlClient
import ControlProtocol
import Testing

@Suite(.timeLimit(.minutes(10))) struct ClientTests {
    @Test func `a call brings its answer`() throws {
        let daemon = try FakeDaemon { message in
            #expect(message == Array(Call.encode(Control.Version()).dropLast()))
            return Reply.encode(Control.Version.Answer(version: "1.2", pid: 7, config: nil))
        }
        defer { daemon.remove() }
        var client = try Client(path: daemon.path)
        #expect(try client.call(Control.Version()).version == "1.2")
    }

    @Test func `one connection serves one call after the other`() throws {
        let echo: @Sendable ([UInt8]) -> [UInt8] = { message in
            let request = try? Call(decoding: message).parameters(as: Control.ClearLog.self)
            return Reply.encode(Names(names: request?.names ?? []))
        }
        let daemon = try FakeDaemon(echo, echo)
        defer { daemon.remove() }
        var client = try Client(path: daemon.path)
        #expect(try client.call(Control.ClearLog(names: ["a"])).names == ["a"])
        #expect(try client.call(Control.ClearLog(names: ["b"])).names == ["b"])
    }

    @Test func `a call larger than any socket's buffer arrives whole`() throws {
        let daemon = try FakeDaemon { message in Reply.encode(Names(names: ["\(message.count)"])) }
        defer { daemon.remove() }
        let request = Control.ClearLog(names: [String(repeating: "x", count: 1_000_000)])
        var client = try Client(path: daemon.path)
        let count = try client.call(request).names
        #expect(count == ["\(Call.encode(request).count - 1)"])
    }

    @Test func `replies come in order until the last`() throws {
        let daemon = try FakeDaemon { message in
            #expect((try? Call(decoding: message).more) == true)
            return Reply.encode(Control.Tail.Answer(bytes: [1]), continues: true)
                + Reply.encode(Control.Tail.Answer(bytes: [2]), continues: true)
                + Reply.encode(Control.Tail.Answer(bytes: [3]))
        }
        defer { daemon.remove() }
        var client = try Client(path: daemon.path)
        var pieces: [[UInt8]] = []
        try client.callMore(Control.Tail(name: "web")) { pieces.append($0.bytes) }
        #expect(pieces == [[1], [2], [3]])
    }

    @Test func `an error of the daemon is a refusal`() throws {
        let daemon = try FakeDaemon { _ in Reply.encode(ControlError.noSuchProgram(name: "wbe")) }
        defer { daemon.remove() }
        var client = try Client(path: daemon.path)
        #expect(throws: ClientError.refused(.noSuchProgram(name: "wbe"))) {
            try client.call(Control.Status(names: ["wbe"]))
        }
    }

    @Test func `an error ends a sequence of replies`() throws {
        let daemon = try FakeDaemon { _ in
            Reply.encode(Outcomes(outcomes: []), continues: true)
                + Reply.encode(ControlError.timedOut(name: "web", state: .starting))
        }
        defer { daemon.remove() }
        var client = try Client(path: daemon.path)
        var count = 0
        #expect(throws: ClientError.refused(.timedOut(name: "web", state: .starting))) {
            try client.callMore(Control.Start(names: ["web"])) { _ in count += 1 }
        }
        #expect(count == 1)
    }

    @Test func `a daemon that hangs up has not answered`() throws {
        let daemon = try FakeDaemon { _ in Array("{\"parameters\":".utf8) }
        defer { daemon.remove() }
        var client = try Client(path: daemon.path)
        #expect(throws: ClientError.closed) { try client.call(Control.Version()) }
    }

    @Test func `who does not speak Varlink is found out`() throws {
        let daemon = try FakeDaemon { _ in Array("HTTP/1.1 400\0".utf8) }
        defer { daemon.remove() }
        var client = try Client(path: daemon.path)
        #expect(throws: ClientError.protocolViolation(.notJSON)) {
            try client.call(Control.Version())
        }
    }

    @Test func `the end of the daemon can be waited for`() throws {
        let daemon = try FakeDaemon { _ in Reply.encode(Done()) }
        defer { daemon.remove() }
        var client = try Client(path: daemon.path)
        #expect(try client.call(Control.Shutdown()) == Done())
        client.waitForEnd()
        #expect(throws: ClientError.closed) { try client.call(Control.Version()) }
    }

    @Test func `where there is no socket there is no daemon`() {
        #expect(
            throws: ClientError.noDaemon(
                path: "/nonexistent/keepd.sock",
                reason: "no such file or directory"
            )
        ) {
            try connect(to: "/nonexistent/keepd.sock")
        }
    }

    @Test func `a path too long for a socket is refused, not cut off`() {
        let path = "/" + String(repeating: "x", count: 200)
        #expect(throws: ClientError.noDaemon(path: path, reason: "file name too long")) {
            try connect(to: path)
        }
    }

    @Test func `an error is a sentence for people`() {
        let errors: [ClientError] = [
            .noDaemon(path: "/s", reason: "connection refused"), .notAllowed(path: "/s"), .closed,
            .protocolViolation(.notJSON), .refused(.shuttingDown),
        ]
        #expect(
            errors.map(\.description) == [
                "cannot reach keepd at /s: connection refused (is it running?)",
                "cannot reach keepd at /s: permission denied",
                "cannot read answer: keepd has closed the connection",
                "cannot read message: not JSON",
                "cannot change programs: keepd is shutting down",
            ]
        )
    }

    /// A client cannot be copied out of a closure, so it is closed there.
    private func connect(to path: String) throws {
        _ = try Client(path: path)
    }
}
