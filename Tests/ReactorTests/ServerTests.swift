import LinuxSystem
import Reactor
import SystemPackage
import Testing

/// Sends back what it receives, and counts what becomes of its connections.
private final class Echo: TransportDelegate {
    var errors: [Errno?] = []
    let suffix: [UInt8]

    init(suffix: [UInt8] = []) {
        self.suffix = suffix
    }

    func transport(_ transport: Transport, received bytes: RawSpan) {
        transport.write(bytes)
        transport.write(suffix)
    }

    func transportClosed(_ transport: Transport, _ error: Errno?) { errors.append(error) }
}

/// A server on a loop, and the name it is reached by.
private struct Site {
    let name: String
    let server: UnixServer

    init(
        _ test: String,
        _ kind: LoopKind,
        on loop: EventLoop,
        _ makeDelegate: @escaping (Transport) -> any TransportDelegate
    ) throws {
        name = "\0keepd-\(ProcessTable.current)-server-\(test)-\(kind)"
        server = try UnixServer(
            UnixSocket.listen(at: name, backlog: 8, mode: 0),
            loop: loop,
            makeDelegate: makeDelegate
        )
    }

    /// Connects as many, each of which has had an answer.
    func connect(_ count: Int, on loop: EventLoop) async throws -> [Connection] {
        var connections: [Connection] = []
        for _ in 0..<count {
            let connection = try await loop.connect(unixSocket: name)
            try await connection.output.write([7])
            #expect(try await connection.input.next() == [7])
            connections.append(connection)
        }
        return connections
    }
}

@Suite struct ServerTests {
    @Test(arguments: LoopKind.allCases)
    func `a server that is closed accepts no more, and is over with its last client`(
        kind: LoopKind
    ) throws {
        try onLoop(kind) { loop in
            let site = try Site("close", kind, on: loop) { _ in Echo() }
            let clients = try await site.connect(2, on: loop)
            #expect(site.server.isServing && site.server.clientCount == 2)
            site.server.close()
            site.server.close()
            #expect(!site.server.isServing && site.server.clientCount == 2)
            await #expect(throws: Errno.connectionRefused) {
                _ = try await loop.connect(unixSocket: site.name)
            }
            let wait = loop.spawn { try await site.server.waitClosed() }
            clients[0].close()
            try await clients[1].output.write([8])
            #expect(try await clients[1].input.next() == [8], "connections live on")
            clients[1].close()
            try await wait.value
            #expect(site.server.clientCount == 0)
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `clients that are aborted are gone at once, and their delegates told`(kind: LoopKind)
        throws
    {
        try onLoop(kind) { loop in
            let echo = Echo()
            let site = try Site("abort", kind, on: loop) { _ in echo }
            let clients = try await site.connect(3, on: loop)
            site.server.close()
            site.server.abortClients()
            #expect(site.server.clientCount == 3, "told from within the call")
            try await site.server.waitClosed()
            #expect(echo.errors == [nil, nil, nil])
            for client in clients {
                #expect(try await client.input.next() == nil)
                client.close()
            }
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `clients that are closed get what was written for them`(kind: LoopKind) throws {
        try onLoop(kind) { loop in
            let message = [UInt8](repeating: 9, count: 1_000_000)
            let site = try Site("flush", kind, on: loop) { _ in Echo(suffix: message) }
            let client = try await loop.connect(unixSocket: site.name)
            try await client.output.write([7])
            let first = try #require(try await client.input.next())
            site.server.close()
            site.server.closeClients()
            let rest = try await client.input.readToEnd(limit: 2_000_000)
            #expect(first + rest == [7] + message)
            try await site.server.waitClosed()
            client.close()
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a server that serves is not over, though nobody is connected`(kind: LoopKind) throws {
        try onLoop(kind) { loop in
            let site = try Site("idle", kind, on: loop) { _ in Echo() }
            for client in try await site.connect(1, on: loop) { client.close() }
            while site.server.clientCount > 0 { await loop.yield() }
            let wait = loop.spawn { try await site.server.waitClosed() }
            for _ in 0..<3 { await loop.yield() }
            wait.cancel()
            await #expect(throws: CancellationError.self) { try await wait.value }
            site.server.close()
            try await site.server.waitClosed()
        }
    }
}
