import Bench
import LinuxSystem
import Reactor
import SystemPackage
import SystemTypes

/// The output of a child that floods; `count` is in MiB.
enum Output {
    static func read(_ count: Int) throws -> Double {
        try drop(count, over: .pipe)
    }

    static func readSocket(_ count: Int) throws -> Double {
        try drop(count, over: .socket)
    }

    static func copy(_ count: Int) throws -> Double {
        let loop = try EventLoop()
        let copied = try loop.runUntilComplete {
            let file = try Files.openForAppending(Bench.sink, mode: 0o600)
            let child = try loop.subprocess(flood(count), stdin: .inherit)
            let copied = try await child.stdout?.copy(to: file)
            Bench.expect(try await child.wait() == .exited(0), "the child failed")
            return copied
        }
        loop.close()
        Bench.expect(copied == count << 20, "bytes are missing")
        return 0
    }

    private static func drop(_ count: Int, over stdio: Stdio) throws -> Double {
        let loop = try EventLoop()
        let sink = Sink(loop: loop)
        try loop.subprocessExec(
            sink,
            flood(count),
            stdin: .inherit,
            stdout: stdio,
            stderr: .inherit
        )
        loop.run()
        loop.close()
        Bench.expect(sink.received == count << 20, "bytes are missing")
        return 0
    }

    private static func flood(_ count: Int) -> SpawnRequest {
        SpawnRequest(
            candidates: [Bench.flood],
            arguments: ["flood", "\(count)"],
            environment: []
        )
    }
}

/// Drops what arrives.
private final class Sink: SubprocessDelegate {
    private(set) var received = 0
    private let loop: EventLoop

    init(loop: EventLoop) {
        self.loop = loop
    }

    func subprocess(_ subprocess: SubprocessTransport, received bytes: RawSpan, from fd: CInt) {
        received += bytes.byteCount
    }

    func subprocessDisconnected(_ subprocess: SubprocessTransport) {
        Bench.expect(subprocess.status == .exited(0), "the child failed")
        loop.stop()
    }
}
