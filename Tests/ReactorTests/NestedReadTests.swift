import Glibc
import LinuxSystem
import Reactor
import SystemPackage
import Testing

/// Has something else read before it looks at what it was given.
private final class Curious: TransportDelegate {
    var received: [UInt8] = []
    var readFirst: () -> Void = {}

    func transport(_ transport: Transport, received bytes: RawSpan) {
        readFirst()
        bytes.withUnsafeBytes { received.append(contentsOf: $0) }
    }
}

@Suite struct NestedReadTests {
    @Test(arguments: LoopKind.punctual)
    func `a callback may read something else, and what it was given stays`(kind: LoopKind) throws {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        #expect(socketpair(AF_UNIX, type, 0, &ends) == 0)
        let near = OwnedFD(adopting: ends[0])
        let far = OwnedFD(adopting: ends[1])
        try near.setNonBlocking(true)
        let pipe = try Pipe()
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var datagrams = 0
        let receiver = try UnixDatagramReceiver(near, loop: loop) { _, _ in datagrams += 1 }
        let transport = try Transport(.duplicate(pipe.reading.raw), kind: .readPipe, loop: loop)
        let curious = Curious()
        transport.delegate = curious
        curious.readFirst = {
            #expect(write(far.raw, "other", 5) == 5)
            receiver.receive()
        }
        #expect(write(pipe.writing.raw, "bytes", 5) == 5)
        loop.runOnce()
        #expect(curious.received == Array("bytes".utf8))
        #expect(datagrams == 1)
    }
}
