import LinuxSystem
import Reactor
import SystemPackage
import SystemTypes
import Testing

/// Writes down what it is told, in order.
private final class Diary: TransportDelegate {
    var lines: [String] = []

    func transportConnected(_ transport: Transport) {
        lines.append("connected")
    }

    func transport(_ transport: Transport, received bytes: RawSpan) {
        lines.append("received")
    }

    func transportClosed(_ transport: Transport, _ error: Errno?) {
        lines.append("closed")
    }
}

@Suite struct AcquaintanceTests {
    @Test(arguments: LoopKind.punctual)
    func `a transport is told to be there before anything else, and once`(kind: LoopKind) throws {
        let pair = try UnixSocket.Pair()
        let loop = try kind.makeLoop()
        defer { loop.close() }
        _ = try [1].withUnsafeBytes { try pair.other.write($0) }
        let transport = try Transport(.duplicate(pair.one.raw), kind: .socket, loop: loop)
        let diary = Diary()
        transport.delegate = diary
        #expect(diary.lines.isEmpty)
        loop.runOnce()
        transport.abort()
        for _ in 0..<3 { loop.runOnce(waits: false) }
        #expect(diary.lines == ["connected", "received", "closed"])
    }

    @Test(arguments: LoopKind.allCases)
    func `a transport that is over at once was there nevertheless`(kind: LoopKind) throws {
        let pair = try UnixSocket.Pair()
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let transport = try Transport(.duplicate(pair.one.raw), kind: .socket, loop: loop)
        let diary = Diary()
        transport.delegate = diary
        transport.abort()
        loop.runOnce()
        #expect(diary.lines == ["connected", "closed"])
    }

    @Test func `a transport knows whether it reads`() throws {
        let pipe = try Pipe()
        let loop = try EventLoop()
        defer { loop.close() }
        let reader = try Transport(.duplicate(pipe.reading.raw), kind: .readPipe, loop: loop)
        let writer = try Transport(.duplicate(pipe.writing.raw), kind: .writePipe, loop: loop)
        #expect(reader.isReading && !writer.isReading)
        reader.pauseReading()
        #expect(!reader.isReading)
        reader.resumeReading()
        writer.resumeReading()
        #expect(reader.isReading && !writer.isReading)
        reader.close()
        reader.resumeReading()
        #expect(!reader.isReading)
    }

    @Test func `a socket knows its peer until it is over, and a pipe has none`() throws {
        let pair = try UnixSocket.Pair()
        let pipe = try Pipe()
        let loop = try EventLoop()
        defer { loop.close() }
        let socket = try Transport(.duplicate(pair.one.raw), kind: .socket, loop: loop)
        #expect(socket.peer?.process == ProcessTable.current)
        socket.abort()
        #expect(socket.peer == nil)
        let reader = try Transport(.duplicate(pipe.reading.raw), kind: .readPipe, loop: loop)
        #expect(reader.peer == nil)
    }

    @Test(arguments: LoopKind.allCases)
    func `whoever waits for the end of a sink learns of it`(kind: LoopKind) throws {
        try onLoop(kind) { loop in
            let pipe = try Pipe()
            let sink = try ByteSink(.duplicate(pipe.writing.raw), on: loop)
            let waiting = loop.spawn { try await sink.closed() }
            let impatient = loop.spawn { try await sink.closed() }
            for _ in 0..<10 { await loop.yield() }
            impatient.cancel()
            await #expect(throws: CancellationError.self) { try await impatient.value }
            sink.finish()
            try await waiting.value
            try await sink.closed()
        }
    }
}
