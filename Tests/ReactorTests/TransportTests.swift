import Glibc
import LinuxSystem
import Reactor
import SystemPackage
import SystemTypes
import Testing

/// Writes down what a transport tells.
private final class Recorder: TransportDelegate {
    var received: [UInt8] = []
    var ends = 0
    var closings: [Errno?] = []
    /// What is said to the end of the other side.
    var staysOpen = true
    var fills = 0
    var drains = 0
    var onEvent: () -> Void = {}

    func transport(_ transport: Transport, received bytes: RawSpan) {
        bytes.withUnsafeBytes { received.append(contentsOf: $0) }
        onEvent()
    }

    func transportReachedEnd(_ transport: Transport) -> Bool {
        ends += 1
        onEvent()
        return staysOpen
    }

    func transportFilled(_ transport: Transport) {
        fills += 1
        onEvent()
    }

    func transportDrained(_ transport: Transport) {
        drains += 1
        onEvent()
    }

    func transportClosed(_ transport: Transport, _ error: Errno?) {
        closings.append(error)
        onEvent()
    }
}

/// Transports for both ends of a new pipe.
private func makeTransports(
    _ loop: EventLoop
) throws -> (reader: Transport, writer: Transport) {
    let pipe = try Pipe()
    return (
        try Transport(.duplicate(pipe.reading.raw), kind: .readPipe, loop: loop),
        try Transport(.duplicate(pipe.writing.raw), kind: .writePipe, loop: loop)
    )
}

/// Transports for two sockets that are connected.
private func makeSocketTransports(
    _ loop: EventLoop
) throws -> (one: Transport, other: Transport) {
    let sockets = try UnixSocket.Pair()
    return (
        try Transport(.duplicate(sockets.one.raw), kind: .socket, loop: loop),
        try Transport(.duplicate(sockets.other.raw), kind: .socket, loop: loop)
    )
}

@Suite struct TransportTests {
    @Test(arguments: LoopKind.allCases)
    func `what is written into one end comes out of the other, all and in order`(kind: LoopKind)
        throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let (reader, writer) = try makeTransports(loop)
        let (source, sink) = (Recorder(), Recorder())
        (writer.delegate, reader.delegate) = (source, sink)
        let message = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        sink.onEvent = { if sink.ends == 1 { loop.stop() } }
        writer.write(Array(message[..<500_000]))
        writer.write(Array(message[500_000...]))
        #expect(writer.bufferedByteCount > 0)
        writer.close()
        loop.run()
        #expect(sink.received == message)
        #expect(source.closings == [nil])
        #expect(source.drains == 1)
    }

    @Test(arguments: LoopKind.allCases, [Transport.Kind.writePipe, .socket])
    func `pieces that are written together come out in order, as many as there are`(
        kind: LoopKind,
        way: Transport.Kind
    ) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let (reader, writer) =
            try way == .socket ? makeSocketTransports(loop) : makeTransports(loop)
        let (source, sink) = (Recorder(), Recorder())
        (writer.delegate, reader.delegate) = (source, sink)
        sink.onEvent = { if sink.ends == 1 { loop.stop() } }
        // Some are empty, and together they are more than a pipe or a socket holds.
        let pieces = (0..<500).map { number in
            [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number * 7 % 4_001)
        }
        writer.write(contentsOf: pieces)
        #expect(writer.bufferedByteCount > 0)
        writer.write(contentsOf: pieces.reversed())
        writer.write(contentsOf: [])
        writer.finishWriting()
        writer.write(contentsOf: [[1]])
        loop.run()
        #expect(sink.received == (pieces + pieces.reversed()).flatMap(\.self))
    }

    @Test func `pieces are handed to the kernel together, and not one by one`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        // Of this kind of socket one read takes what one write has brought.
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        #expect(socketpair(AF_UNIX, type, 0, &ends) == 0)
        let other = OwnedFD(adopting: ends[1])
        let writer = try Transport(OwnedFD(adopting: ends[0]), kind: .socket, loop: loop)
        writer.write(contentsOf: (0..<100).map { [$0] })
        #expect(writer.bufferedByteCount == 0)
        var buffer = [UInt8](repeating: 0, count: 1_000)
        let counts = try (0..<2).map { _ in
            try buffer.withUnsafeMutableBytes { try other.read(into: $0) }
        }
        #expect(counts == [64, 36])
    }

    @Test(arguments: LoopKind.allCases)
    func `a writer of pieces whose reader is gone is closed with an error`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var ends: (one: Transport, other: Transport)? = try makeSocketTransports(loop)
        let writer = try #require(ends?.one)
        let source = Recorder()
        writer.delegate = source
        source.onEvent = { if !source.closings.isEmpty { loop.stop() } }
        ends = nil
        writer.write(contentsOf: [[1], [2]])
        loop.run()
        #expect(source.closings == [.brokenPipe])
    }

    @Test func `all but the reading end of a pipe can say that no more comes`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        let (reader, writer) = try makeTransports(loop)
        #expect(!reader.canFinishWriting && writer.canFinishWriting)
        #expect(try makeSocketTransports(loop).one.canFinishWriting)
    }

    @Test(arguments: LoopKind.allCases)
    func `a reader that is paused gets nothing until it goes on`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let (reader, writer) = try makeTransports(loop)
        let sink = Recorder()
        reader.delegate = sink
        reader.pauseReading()
        writer.write([1, 2, 3])
        loop.callSoon { loop.callSoon { loop.stop() } }
        loop.run()
        #expect(sink.received.isEmpty)
        sink.onEvent = { loop.stop() }
        reader.resumeReading()
        loop.run()
        #expect(sink.received == [1, 2, 3])
    }

    @Test(arguments: LoopKind.punctual)
    func `draining takes what is there and waits for no end`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let (reader, writer) = try makeTransports(loop)
        let sink = Recorder()
        reader.delegate = sink
        writer.write([UInt8](repeating: 7, count: 65_536))
        reader.drain()
        #expect(sink.received.count == 65_536)
        reader.drain()
        #expect(sink.ends == 0)
    }

    @Test(arguments: LoopKind.allCases)
    func `a writer whose reader is gone is closed with an error, once`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var ends: (reader: Transport, writer: Transport)? = try makeTransports(loop)
        let writer = try #require(ends?.writer)
        let source = Recorder()
        writer.delegate = source
        source.onEvent = { loop.stop() }
        ends = nil
        SignalMask.block([.brokenPipe])
        writer.write([1])
        #expect(source.closings.isEmpty, "told from within the call")
        loop.run()
        writer.write([2])
        writer.close()
        #expect(source.closings == [.brokenPipe])
    }

    @Test(arguments: LoopKind.allCases)
    func `a peer that goes away from an idle writer has cost nothing`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let (reader, writer) = try makeTransports(loop)
        let source = Recorder()
        writer.delegate = source
        source.onEvent = { loop.stop() }
        reader.close()
        loop.run()
        #expect(source.closings == [nil])
    }

    @Test(arguments: LoopKind.allCases)
    func `each passing of a water mark is told once`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let (reader, writer) = try makeTransports(loop)
        let (source, sink) = (Recorder(), Recorder())
        (writer.delegate, reader.delegate) = (source, sink)
        reader.pauseReading()
        while writer.bufferedByteCount == 0 { writer.write(repeatElement(7, count: 65_536)) }
        writer.setWriteBufferLimits(high: 2_000_000)
        #expect(writer.writeBufferLimits == (2_000_000, 500_000))
        #expect(source.fills <= 1)
        let fills = source.fills
        writer.write(repeatElement(7, count: 2_000_000 - writer.bufferedByteCount))
        #expect(source.fills == fills, "told at the mark, not above it")
        writer.write([7])
        writer.write([7])
        #expect(source.fills == max(fills, 1))
        #expect(source.drains == 0)
        var atDrain = 0
        source.onEvent = {
            atDrain = writer.bufferedByteCount
            loop.stop()
        }
        reader.resumeReading()
        loop.run()
        #expect(source.drains == 1)
        #expect((0...500_000).contains(atDrain))
        source.onEvent = {}
        writer.setWriteBufferLimits(low: 100)
        #expect(writer.writeBufferLimits == (400, 100))
        writer.setWriteBufferLimits()
        #expect(writer.writeBufferLimits == (65_536, 16_384))
    }

    @Test func `water marks in the wrong order are a bug`() async {
        await #expect(processExitsWith: .failure) {
            let pipe = try Pipe()
            let loop = try EventLoop()
            let writer = try Transport(.duplicate(pipe.writing.raw), kind: .writePipe, loop: loop)
            writer.setWriteBufferLimits(high: 1, low: 2)
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a socket that has finished writing still reads, and closes after both ends`(
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let (one, other) = try makeSocketTransports(loop)
        let (asking, answering) = (Recorder(), Recorder())
        (one.delegate, other.delegate) = (asking, answering)
        let question = [UInt8](repeating: 1, count: 1_000_000)
        answering.onEvent = {
            guard answering.ends == 1 else { return }
            answering.onEvent = {}
            other.write([2, 3])
            other.finishWriting()
        }
        asking.onEvent = { if !asking.closings.isEmpty { loop.stop() } }
        one.write(question)
        one.finishWriting()
        one.finishWriting()
        one.write([9])
        loop.run()
        loop.runOnce(waits: false)
        #expect(answering.received == question)
        #expect(asking.received == [2, 3])
        #expect((asking.ends, answering.ends) == (1, 1))
        #expect(asking.closings == [nil])
        #expect(answering.closings == [nil])
        one.close()
        one.abort(.ioError)
        loop.runOnce(waits: false)
        #expect(asking.closings == [nil])
    }

    @Test(arguments: LoopKind.allCases)
    func `a delegate that lets it close at the end has its answer sent first`(kind: LoopKind)
        throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let (one, other) = try makeSocketTransports(loop)
        let (asking, answering) = (Recorder(), Recorder())
        (one.delegate, other.delegate) = (asking, answering)
        answering.staysOpen = false
        answering.onEvent = {
            guard answering.ends == 1, answering.closings.isEmpty else { return }
            answering.onEvent = {}
            other.write([UInt8](repeating: 2, count: 1_000_000))
        }
        asking.onEvent = { if !asking.closings.isEmpty { loop.stop() } }
        one.finishWriting()
        loop.run()
        #expect(asking.received.count == 1_000_000)
        #expect(answering.closings == [nil])
    }

    @Test(arguments: LoopKind.allCases)
    func `a pipe that has finished writing is closed, after all was sent`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let (reader, writer) = try makeTransports(loop)
        let (source, sink) = (Recorder(), Recorder())
        (writer.delegate, reader.delegate) = (source, sink)
        sink.onEvent = { if !sink.closings.isEmpty { loop.stop() } }
        writer.write([UInt8](repeating: 1, count: 300_000))
        writer.finishWriting()
        loop.run()
        #expect(sink.received.count == 300_000)
        #expect(sink.ends == 1)
        #expect(source.closings == [nil])
    }

    @Test(arguments: LoopKind.allCases)
    func `what is aborted is lost, and told later and once`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let (reader, writer) = try makeTransports(loop)
        let source = Recorder()
        writer.delegate = source
        writer.write([UInt8](repeating: 1, count: 300_000))
        writer.abort(.ioError)
        #expect(source.closings.isEmpty)
        writer.abort()
        writer.close()
        loop.runOnce(waits: false)
        loop.runOnce(waits: false)
        #expect(source.closings == [.ioError])
        reader.close()
    }

    @Test func `a listener without descriptors to accept with says so once, and goes on`() async {
        await #expect(processExitsWith: .success) {
            let loop = try LoopKind.simulated.makeLoop()
            let name = "\0keepd-listener-\(ProcessTable.current)"
            var accepted = 0
            let listener = try UnixListener(
                UnixSocket.listen(at: name, backlog: 8, mode: 0),
                loop: loop
            ) { _ in
                accepted += 1
                loop.stop()
            }
            var failures: [Errno] = []
            listener.onFailure = { failures.append($0) }
            for round in 1...2 {
                let client = try UnixSocket.connect(to: name)
                var spares: [CInt] = []
                while case let spare = dup(client.raw), spare >= 0 { spares.append(spare) }
                loop.callLater(.milliseconds(4_500)) {
                    for spare in spares { close(spare) }
                }
                loop.run()
                precondition(failures == [Errno](repeating: .tooManyOpenFiles, count: round))
                precondition(accepted == round)
            }
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a conversation over a socket goes both ways`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let path = "/tmp/keepd-reactor-\(ProcessTable.current)-\(kind).sock"
        defer { try? Files.remove(path) }
        var served: [Transport] = []
        let echo = Echo()
        let listener = try UnixListener(
            try UnixSocket.listen(at: path, backlog: 32, mode: 0o600),
            loop: loop
        ) { connection in
            guard let transport = try? Transport(connection, kind: .socket, loop: loop) else {
                Issue.record("no transport")
                return
            }
            transport.delegate = echo
            served.append(transport)
        }
        let clients = try (0..<20).map { _ in
            try Transport(try UnixSocket.connect(to: path), kind: .socket, loop: loop)
        }
        let recorder = Recorder()
        recorder.onEvent = { if recorder.received.count == 60 { loop.stop() } }
        for client in clients {
            client.delegate = recorder
            client.write([1, 2, 3])
        }
        loop.run()
        #expect(
            recorder.received.sorted() == [1, 2, 3].flatMap { [UInt8](repeating: $0, count: 20) }
        )
        listener.close()
        // Another test's child has the socket too, until it executes its program.
        var patience = 100_000
        while UnixSocket.isServed(path), patience > 0 { patience -= 1 }
        #expect(patience > 0)
    }
}

/// Sends back what it gets.
private final class Echo: TransportDelegate {
    func transport(_ transport: Transport, received bytes: RawSpan) {
        transport.write(bytes.withUnsafeBytes { Array($0) })
    }
}
