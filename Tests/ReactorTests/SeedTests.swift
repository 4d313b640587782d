import LinuxSystem
import Reactor
import ReactorTesting
import SystemPackage
import SystemTypes
import Testing

/// In which order eight descriptors that are ready at once are reported.
private func orderOfReports(seed: UInt64, writtenInReverse: Bool = false) throws -> [Int] {
    let loop = try SimulatedLoop(seed: seed).loop
    defer { loop.close() }
    var pipes: [Ends] = []
    var registrations: [Registration] = []
    var order: [Int] = []
    for number in 0..<8 {
        let ends = try Ends()
        pipes.append(ends)
        registrations.append(
            try loop.register(ends.reading, for: .read) { _ in order.append(number) }
        )
    }
    for ends in writtenInReverse ? pipes.reversed() : pipes { try ends.write() }
    loop.callSoon { loop.stop() }
    loop.run()
    for registration in registrations { registration.cancel() }
    return order
}

/// A pipe that can stand in an array.
private final class Ends {
    private let pipe: Pipe

    init() throws(Errno) {
        pipe = try Pipe()
    }

    var reading: CInt { pipe.reading.raw }

    func write() throws {
        _ = try [1].withUnsafeBytes { try pipe.writing.write($0) }
    }
}

/// Both ends of a new pipe, with no other descriptor of it left.
private func makeStreams(_ loop: EventLoop) throws -> (stream: ByteStream, sink: ByteSink) {
    let pipe = try Pipe()
    return (
        try ByteStream(.duplicate(pipe.reading.raw), on: loop),
        try ByteSink(.duplicate(pipe.writing.raw), on: loop)
    )
}

/// Sends `message` through a pipe on a loop with `faults`.
private func send(
    _ message: [UInt8],
    seed: UInt64,
    _ faults: Faults
) throws -> (received: [UInt8], chunks: [Int]) {
    let loop = try SimulatedLoop(seed: seed, faults: faults).loop
    defer { loop.close() }
    let (stream, sink) = try makeStreams(loop)
    return try loop.runUntilComplete {
        loop.spawn {
            try await sink.write(message)
            sink.finish()
        }
        var received: [UInt8] = []
        var chunks: [Int] = []
        for try await chunk in stream {
            received += chunk
            chunks.append(chunk.count)
        }
        return (received, chunks)
    }
}

@Suite struct SeedTests {
    @Test(arguments: UInt64(0)..<8)
    func `the same seed reports in the same order, whatever the kernel's`(seed: UInt64) throws {
        let order = try orderOfReports(seed: seed)
        #expect(order.sorted() == Array(0..<8))
        #expect(try orderOfReports(seed: seed) == order)
        #expect(try orderOfReports(seed: seed, writtenInReverse: true) == order)
    }

    @Test func `other seeds report in other orders`() throws {
        let orders = try Set((UInt64(0)..<32).map { try orderOfReports(seed: $0) })
        #expect(orders.count > 30)
    }

    @Test(arguments: UInt64(0)..<8)
    func `faults of reads and writes change nothing but the pace`(seed: UInt64) throws {
        let message = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        let often = 0.9
        let faults = Faults(
            blockedReads: often,
            shortReads: often,
            blockedWrites: often,
            shortWrites: often
        )
        let smooth = try send(message, seed: seed, .none)
        let rough = try send(message, seed: seed, faults)
        #expect(smooth.received == message)
        #expect(rough.received == message)
        #expect(rough.chunks.count > smooth.chunks.count)
        #expect(try send(message, seed: seed, faults).chunks == rough.chunks)
    }

    @Test(arguments: [Faults(blockedReads: 0.9), Faults(blockedWrites: 0.9)])
    func `a descriptor that is hardly ever ready is asked again until it is`(faults: Faults) throws
    {
        let sent = try send(Array("hello".utf8), seed: 3, faults)
        #expect(sent.received == Array("hello".utf8))
    }

    @Test func `a spawn that has no descriptor left fails, and the next one may not`() throws {
        let simulated = try SimulatedLoop(seed: 5, faults: Faults(failedSpawns: 1))
        let loop = simulated.loop
        defer { loop.close() }
        let null = try Files.openNull()
        let request = SpawnRequest(candidates: ["/bin/true"], arguments: ["true"], environment: [])
        let stdio = (null.raw, null.raw, null.raw)
        #expect(throws: SpawnError(.clone, .tooManyOpenFiles)) {
            try loop.spawn(request, stdio: stdio) { _ in }
        }
        simulated.faults = .none
        var status: SystemTypes.ExitStatus?
        _ = try loop.spawn(request, stdio: stdio) {
            status = $0
            loop.stop()
        }
        loop.run()
        #expect(status == .exited(0))
    }

    @Test func `what cannot be a chance is a mistake`() async {
        await #expect(processExitsWith: .failure) {
            _ = try SimulatedLoop(faults: Faults(blockedReads: 1))
        }
    }
}
