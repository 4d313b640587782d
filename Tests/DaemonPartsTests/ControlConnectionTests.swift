import ControlProtocol
import LinuxSystem
import Reactor
import Supervision
import SystemPackage
import SystemTypes
import Testing

@testable import Daemon

/// What a client may cost at most, with limits that a test can reach.
@Suite(.timeLimit(.minutes(5))) struct ControlConnectionTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
    }

    /// One connection; its calls are answered by the test.
    private final class Line {
        let client: OwnedFD
        var connection: ControlConnection?
        var exchanges: [Exchange] = []
        var hasEnded = false

        init(_ loop: EventLoop, _ limits: ControlConnection.Limits) throws {
            let pair = try UnixSocket.Pair()
            client = try .duplicate(pair.one.raw)
            try client.setNonBlocking(true)
            let server = try OwnedFD.duplicate(pair.other.raw)
            try server.setNonBlocking(true)
            let access = Access([], owner: 0, user: { _ in nil }, group: { _ in nil })
            let peer = try Peer(of: server, access)
            connection = try ControlConnection(server, peer: peer, loop: loop, limits: limits) {
                [unowned self] in exchanges.append($0)
            }
            connection?.onClose = { [unowned self] in hasEnded = true }
        }

        func send(_ bytes: [UInt8]) throws {
            _ = try bytes.withUnsafeBytes { try client.send($0) }
        }
    }

    private func line(idleMax: Duration = .seconds(60), unreadMax: Int = 1 << 20) throws -> Line {
        var limits = ControlConnection.Limits()
        (limits.idleMax, limits.unreadMax) = (idleMax, unreadMax)
        return try Line(bench.loop, limits)
    }

    private let call = Call.encode(Control.Status())

    @Test func `a message that has begun and does not end, ends the connection`() throws {
        let line = try line(idleMax: .milliseconds(20))
        try line.send(Array(call.dropLast()))
        bench.run { line.hasEnded }
        #expect(line.exchanges.isEmpty)
    }

    @Test func `a message that comes byte by byte has no more time than another`() throws {
        let line = try line(idleMax: .milliseconds(50))
        func drip() {
            try? line.send([UInt8(ascii: " ")])
            bench.loop.callLater(.milliseconds(5)) { if !line.hasEnded { drip() } }
        }
        drip()
        bench.run { line.hasEnded }
        #expect(line.exchanges.isEmpty)
    }

    @Test func `one who says nothing may stay`() throws {
        let (quiet, half) = (
            try line(idleMax: .milliseconds(20)), try line(idleMax: .milliseconds(20))
        )
        try quiet.send(call)
        bench.run { quiet.exchanges.count == 1 }
        quiet.exchanges[0].finish(Done())
        // By the time that another has used up all of its time, so has the quiet one.
        try half.send([UInt8(ascii: "{")])
        bench.run { half.hasEnded }
        #expect(!quiet.hasEnded)
        try quiet.send(call)
        bench.run { quiet.exchanges.count == 2 }
    }

    @Test func `one who does not read is shown out before too much is kept for him`() throws {
        let line = try line(unreadMax: 1 << 20)
        try line.send(Call.encode(Control.Tail(name: "web", follow: true), more: true))
        bench.run { line.exchanges.count == 1 }
        let piece = Control.Tail.Answer(bytes: [UInt8](repeating: 0x61, count: 100_000))
        var kept = 0
        while !line.hasEnded, kept < 100 {
            line.exchanges[0].next(piece)
            kept += 1
            bench.loop.runOnce(waits: false)
        }
        // What the socket holds, and then the limit.
        #expect(line.hasEnded && kept > 10)
    }
}
