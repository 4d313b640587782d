import LinuxSystem
import Reactor
import SystemPackage
import SystemTypes
import Testing

/// How often a flood was served after a timer was due and before it ran; a count, so that a machine
/// that is slow or busy makes no difference.
private final class Lateness {
    private let loop: EventLoop
    private var due: Instant
    private var left: Int
    private var served = 0
    private(set) var most = 0

    init(of timers: Int, on loop: EventLoop) {
        self.loop = loop
        due = loop.now
        left = timers
        next()
    }

    func noteServed() {
        if Instant.now >= due { served += 1 }
    }

    private func next() {
        guard left > 0 else { return loop.stop() }
        left -= 1
        due = loop.now + .microseconds(500)
        loop.callAt(due) { [self] in
            most = max(most, served)
            served = 0
            next()
        }
    }
}

// In real time: in virtual time none passes while a descriptor is ready.
@Suite(.timeLimit(.minutes(5))) struct FloodTests {
    @Test func `a descriptor that is always ready is served twice at most while a timer is due`()
        throws
    {
        let loop = try EventLoop()
        defer { loop.close() }
        let pipe = try Pipe()
        _ = try [1].withUnsafeBytes { try pipe.writing.write($0) }
        let lateness = Lateness(of: 200, on: loop)
        var served = 0
        try loop.addReader(pipe.reading.raw) {
            served += 1
            lateness.noteServed()
        }
        loop.run()
        loop.removeReader(pipe.reading.raw)
        // In the turn in which it became due, and in the one that saw so.
        #expect(lateness.most <= 2)
        #expect(served <= loop.metrics.iterations, "reported twice in one turn")
    }

    @Test func `a transport that is flooded reads no more than its budget while a timer is due`()
        throws
    {
        let loop = try EventLoop()
        defer { loop.close() }
        let flood = try Flood(on: loop)
        let lateness = Lateness(of: 200, on: loop)
        flood.onChunk = { lateness.noteServed() }
        loop.run()
        flood.transport.abort()
        // Four chunks are a budget; and two turns as above.
        #expect(lateness.most <= 8)
    }

    @Test func `calls that go on for ever hold up neither a timer nor a descriptor`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        let pipe = try Pipe()
        _ = try [1].withUnsafeBytes { try pipe.writing.write($0) }
        let lateness = Lateness(of: 200, on: loop)
        var reads = 0
        try loop.addReader(pipe.reading.raw) { reads += 1 }
        func call() {
            lateness.noteServed()
            loop.callSoon(call)
        }
        loop.callSoon(call)
        loop.run()
        loop.removeReader(pipe.reading.raw)
        // So many calls may come between two looks at the clock and the descriptors.
        #expect(lateness.most <= 2 * 61 && reads >= 200)
    }
}

/// A pipe that is as full as ever after each read.
private final class Flood: TransportDelegate {
    let transport: Transport
    var onChunk: () -> Void = {}
    private let pipe: Pipe
    private let water = [UInt8](repeating: 7, count: 65_536)

    init(on loop: EventLoop) throws {
        pipe = try Pipe()
        transport = try Transport(.duplicate(pipe.reading.raw), kind: .readPipe, loop: loop)
        transport.delegate = self
        try fill(water.count)
    }

    private func fill(_ count: Int) throws {
        let written = try water.withUnsafeBytes {
            try pipe.writing.write(UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
        #expect(written == count)
    }

    func transport(_ transport: Transport, received bytes: RawSpan) {
        onChunk()
        #expect(throws: Never.self) { try fill(bytes.byteCount) }
    }

    func transportClosed(_ transport: Transport, _ error: Errno?) {}
}
