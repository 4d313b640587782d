import LinuxSystem
import Reactor
import Supervision
import SystemPackage
import SystemTypes
import Testing

@testable import Daemon

/// One stream, whose pipe and output are in the hands of the test.
@Suite final class LogStreamTests {
    /// Takes nothing until it is told to.
    private final class Gate: LogOutput {
        private(set) var taken: [UInt8] = []
        private var isOpen = false
        private var ready: (() -> Void)?

        func append(_ bytes: RawSpan) -> Int {
            guard isOpen else { return 0 }
            taken += bytes.withUnsafeBytes { Array($0) }
            return bytes.byteCount
        }

        func whenReady(_ body: @escaping () -> Void) { ready = body }

        func open() {
            isOpen = true
            ready.take()?()
        }
    }

    private let bench: Bench
    private let gate = Gate()
    private let pipe: Pipe
    private let stream: LogStream

    init() throws {
        bench = try Bench()
        pipe = try Pipe()
        stream = try LogStream(
            .duplicate(pipe.reading.raw),
            output: gate,
            policy: LogPolicy(),
            counters: StreamCounters(),
            backlog: Backlog(keep: nil),
            LogSurroundings(
                loop: bench.loop,
                root: nil,
                compressors: ThreadPool(threadsMax: 1),
                report: { Issue.record("\($1)") }
            )
        )
    }

    deinit {
        // Before the loop does, of which it has a registration.
        gate.open()
        stream.close()
    }

    private func print(_ text: String) throws {
        try Array(text.utf8).withUnsafeBytes { try pipe.writing.writeAll($0) }
    }

    @Test func `what has been told to another daemon is not written here as well`() throws {
        try print("told")
        stream.drain {}
        var told: StreamMemory?
        stream.freeze { told = $0.memory }
        #expect(told?.backlog.bytes == Array("told".utf8))
        gate.open()
        #expect(gate.taken.isEmpty)
        // The other one does not come about.
        stream.thaw()
        #expect(gate.taken == Array("told".utf8))
    }
}
