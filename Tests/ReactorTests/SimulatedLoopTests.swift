import LinuxSystem
import Reactor
import ReactorTesting
import Synchronization
import SystemPackage
import SystemTypes
import Testing

@Suite struct VirtualTimeTests {
    // It would take an hour if it slept.
    @Test(.timeLimit(.minutes(10)))
    func `an hour of sleeps passes without anybody waiting for it`() throws {
        let loop = try SimulatedLoop().loop
        defer { loop.close() }
        let passed = try loop.runUntilComplete {
            let start = loop.now
            for _ in 0..<3_600 { try await loop.sleep(for: .seconds(1)) }
            return loop.now - start
        }
        #expect(passed == .seconds(3_600))
    }

    @Test func `time stands still while anybody has anything to do`() throws {
        let loop = try SimulatedLoop().loop
        defer { loop.close() }
        let pipe = try Pipe()
        var seen: [Instant] = []
        let registration = try loop.register(pipe.reading.raw, for: .read) { _ in
            seen.append(loop.now)
        }
        _ = try [1].withUnsafeBytes { try pipe.writing.write($0) }
        func count(_ remaining: Int) {
            seen.append(loop.now)
            guard remaining > 0 else { return registration.cancel() }
            loop.callSoon { count(remaining - 1) }
        }
        count(100)
        loop.callLater(.seconds(1)) { loop.stop() }
        loop.run()
        // The calls, and the descriptor between them now and then.
        #expect(seen.count > 101)
        #expect(seen.allSatisfy { $0 == .zero })
        #expect(loop.now == .zero + .seconds(1))
    }

    @Test func `advancing runs what is due by then, at its own time, and nothing else`() throws {
        let simulated = try SimulatedLoop()
        let loop = simulated.loop
        defer { loop.close() }
        var seen: [Duration] = []
        func note(after delay: Duration) {
            loop.callLater(delay) {
                // Two turns later, and still at that moment.
                loop.callSoon { loop.callSoon { seen.append(loop.now - .zero) } }
            }
        }
        for seconds in [3, 1, 2] { note(after: .seconds(seconds)) }
        // Registered on the way, and due at the very end of it.
        loop.callLater(.seconds(1)) { note(after: .seconds(1)) }
        simulated.advance(by: .seconds(2))
        #expect(seen == [.seconds(1), .seconds(2), .seconds(2)])
        #expect(loop.now == .zero + .seconds(2))
        simulated.advance(to: .zero + .milliseconds(2_500))
        #expect(seen.count == 3)
        #expect(loop.now == .zero + .milliseconds(2_500))
        simulated.advance(to: .zero + .seconds(3))
        #expect(seen == [.seconds(1), .seconds(2), .seconds(2), .seconds(3)])
    }

    @Test func `idle is who can do no more without the passing of time`() throws {
        let simulated = try SimulatedLoop()
        let loop = simulated.loop
        defer { loop.close() }
        let steps = Atomic(0)
        loop.spawn {
            for _ in 0..<50 {
                steps.add(1, ordering: .relaxed)
                await loop.yield()
            }
            try await loop.sleep(for: .nanoseconds(1))
            steps.add(1, ordering: .relaxed)
        }
        simulated.runUntilIdle()
        let count = steps.load(ordering: .relaxed)
        #expect(count == 50)
        #expect(loop.now == .zero)
    }

    @Test func `an advance ends where the loop was stopped`() throws {
        let simulated = try SimulatedLoop()
        let loop = simulated.loop
        defer { loop.close() }
        loop.callLater(.seconds(2)) { loop.stop() }
        simulated.advance(by: .seconds(5))
        #expect(loop.now == .zero + .seconds(2))
    }

    @Test func `a closed loop has cleaned up, however long that took`() throws {
        let loop = try SimulatedLoop().loop
        let ended = Atomic(false)
        loop.spawn {
            try? await loop.sleep(for: .seconds(1_000))
            // Not cancelled with the one that waits for it, as clean-up should be.
            await withCheckedContinuation { continuation in
                loop.callLater(.seconds(1_000)) { continuation.resume() }
            }
            ended.store(true, ordering: .relaxed)
        }
        loop.callSoon { loop.stop() }
        loop.run()
        loop.close()
        let hasEnded = ended.load(ordering: .relaxed)
        #expect(hasEnded)
        #expect(loop.now == .zero + .seconds(1_000))
    }
}
