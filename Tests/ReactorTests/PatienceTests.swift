import LinuxSystem
import Reactor
import ReactorTesting
import SystemTypes
import Testing

@Suite struct PatienceTests {
    @Test func `a call on a thread is waited for, and takes no virtual time`() throws {
        let loop = try SimulatedLoop().loop
        defer { loop.close() }
        let pool = ThreadPool(threadsMax: 1)
        defer { pool.shutDown() }
        let sum = try loop.runUntilComplete {
            try await loop.withTimeout(.seconds(1)) {
                try await loop.runInExecutor(pool) { (0..<1_000_000).reduce(0, +) }
            }
        }
        #expect(sum == 499_999_500_000)
        #expect(loop.now == .zero)
    }

    @Test func `after a call on a thread time passes again`() throws {
        let loop = try SimulatedLoop().loop
        defer { loop.close() }
        let pool = ThreadPool(threadsMax: 1)
        defer { pool.shutDown() }
        try loop.runUntilComplete {
            try await loop.runInExecutor(pool) {}
            try await loop.sleep(for: .seconds(1))
        }
        #expect(loop.now == .zero + .seconds(1))
    }

    // Patience without end, as it were: what is waited for is the child.
    @Test func `a child that lives gets its chance before time passes`() throws {
        let loop = try SimulatedLoop(patience: .seconds(600)).loop
        defer { loop.close() }
        let status = try loop.runUntilComplete {
            let child = try loop.subprocess(
                SpawnRequest(
                    candidates: ["/bin/sh"],
                    arguments: ["sh", "-c", "/bin/sleep 0.2; exit 3"],
                    environment: []
                )
            )
            return try await loop.withTimeout(.nanoseconds(1)) { try await child.wait() }
        }
        #expect(status == .exited(3))
        #expect(loop.now == .zero)
    }

    // It would hang if patience had no end.
    @Test
    func `a descriptor that is never ready does not stop time for ever`() throws {
        let simulated = try SimulatedLoop(patience: .milliseconds(1))
        let loop = simulated.loop
        defer { loop.close() }
        let pipe = try Pipe()
        let registration = try loop.register(pipe.reading.raw, for: .read) { _ in
            Issue.record("nobody has written")
        }
        simulated.advance(by: .seconds(3_600))
        #expect(loop.now == .zero + .seconds(3_600))
        registration.cancel()
    }
}
