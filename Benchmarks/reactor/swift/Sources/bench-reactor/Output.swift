import Bench
import Glibc
import LinuxSystem
import Reactor
import SystemPackage
import SystemTypes

/// The output of a child that floods; `count` is in MiB.
enum Output {
    static func read(_ count: Int) throws -> Double {
        try receive(count, into: nil)
        return 0
    }

    static func copy(_ count: Int) throws -> Double {
        let file = open(Bench.sink, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        Bench.expect(file >= 0, "cannot open the file")
        defer { close(file) }
        try receive(count, into: file)
        return 0
    }

    private static func receive(_ count: Int, into file: CInt?) throws {
        let loop = try EventLoop()
        let sink = Sink(file: file, loop: loop)
        let pipe = try Pipe()
        let request = SpawnRequest(
            candidates: [Bench.flood],
            arguments: ["flood", "\(count)"],
            environment: []
        )
        let (input, error) = try (OwnedFD.duplicate(0).release(), OwnedFD.duplicate(2).release())
        let child = try loop.spawn(request, stdio: (input, pipe.writing.raw, error)) {
            Bench.expect($0 == .exited(0), "the child failed")
            sink.ended()
        }
        let reading = pipe.split { reading, _ in reading.release() }
        let transport = try Transport(OwnedFD(adopting: reading), kind: .readPipe, loop: loop)
        transport.delegate = sink
        loop.run()
        loop.close()
        Bench.expect(sink.received == count << 20, "bytes are missing")
        withExtendedLifetime((child, transport)) {}
    }
}

/// Drops what arrives, or writes it into a file.
private final class Sink: TransportDelegate {
    private(set) var received = 0
    private let file: CInt?
    private let loop: EventLoop
    private var missing = 2

    init(file: CInt?, loop: EventLoop) {
        self.file = file
        self.loop = loop
    }

    /// The child, or its output: the loop has nothing more to do after both.
    func ended() {
        missing -= 1
        if missing == 0 { loop.stop() }
    }

    func transport(_ transport: Transport, received bytes: RawSpan) {
        received += bytes.byteCount
        bytes.withUnsafeBytes { bytes in
            guard let file else { return }
            Bench.expect(Glibc.write(file, bytes.baseAddress, bytes.count) == bytes.count, "write")
        }
    }

    func transportClosed(_ transport: Transport, _ error: Errno?) {
        ended()
    }
}
