// Registers, runs and cancels calls; talks to a process; has a pool of threads do what is costly.
import Reactor

final class Shout: SubprocessDelegate {
    private var output: [UInt8] = []
    private let done: () -> Void

    init(_ done: @escaping () -> Void) {
        self.done = done
    }

    func subprocessConnected(_ subprocess: SubprocessTransport) {
        subprocess.pipe(0)?.write(Array("hello\n".utf8))
        subprocess.pipe(0)?.close()
    }

    func subprocess(_ subprocess: SubprocessTransport, received bytes: RawSpan, from fd: CInt) {
        bytes.withUnsafeBytes { output.append(contentsOf: $0) }
    }

    func subprocessDisconnected(_ subprocess: SubprocessTransport) {
        print("child said: \(String(decoding: output.dropLast(), as: UTF8.self))")
        if case .exited(let code) = subprocess.status { print("child exited: \(code)") }
        done()
    }
}

@main struct CallsProcessesThreads {
    static func main() throws {
        let loop = try EventLoop()
        try loop.runUntilComplete {
            loop.callSoon { print("call: first") }
            loop.callSoon { print("call: second") }.cancel()
            loop.callSoon { print("call: third") }
            await loop.yield()

            try await withCheckedThrowingContinuation { continuation in
                do {
                    try loop.subprocessExec(
                        Shout { continuation.resume() },
                        .exec("tr", "a-z", "A-Z")
                    )
                } catch {
                    continuation.resume(throwing: error)
                }
            }

            print("pool: \(try await loop.runInExecutor { (0..<1_000_000).reduce(0, +) })")
        }
        loop.close()
        print("closed: \(loop.isClosed)")
    }
}
