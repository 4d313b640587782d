import LinuxSystem
import Reactor
import Synchronization
import SystemTypes
import Testing

/// Can be passed once it was opened.
private final class Gate: Sendable {
    private let isOpen = Monitor(false)

    func open() {
        isOpen.withLock { $0 = true }
        isOpen.broadcast()
    }

    func pass() {
        isOpen.wait { $0 ? () : nil }
    }
}

@Suite(.timeLimit(.minutes(5))) struct ShutdownTests {
    @Test(arguments: LoopKind.allCases)
    func `a graceful end cancels the others, and lets them clean up`(kind: LoopKind) throws {
        let isClean = Atomic(false)
        let tasks = try onLoop(kind) { loop in
            loop.spawn {
                do {
                    try await loop.sleep(for: .seconds(1_000))
                } catch {
                    try await loop.withCancellationShield {
                        try await loop.sleep(for: .milliseconds(1))
                        isClean.store(true, ordering: .relaxed)
                    }
                }
            }
            for _ in 0..<10 { await loop.yield() }
            try await loop.shutdownGracefully(timeout: .seconds(60))
            #expect(!Task.isCancelled)
            return loop.runningTasks.count
        }
        let wasCleaned = isClean.load(ordering: .relaxed)
        #expect(tasks == 1 && wasCleaned)
    }

    @Test(arguments: LoopKind.allCases)
    func `a graceful end gives up on a task that does not end`(kind: LoopKind) throws {
        try onLoop(kind) { loop in
            let waiting = Mutex<UnsafeContinuation<Void, Never>?>(nil)
            let stubborn = loop.spawn {
                await withUnsafeContinuation { continuation in
                    waiting.withLock { $0 = continuation }
                }
            }
            for _ in 0..<10 { await loop.yield() }
            await #expect(throws: TimeoutError()) {
                try await loop.shutdownGracefully(timeout: .milliseconds(5))
            }
            waiting.withLock { $0?.resume() }
            try await stubborn.value
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `the pool does what it took, and then takes no more`(kind: LoopKind) throws {
        try onLoop(kind) { loop in
            let done = Atomic(0)
            for _ in 0..<100 {
                try loop.threadPool.submit { done.add(1, ordering: .relaxed) }
            }
            try await loop.shutdownThreadPool()
            let count = done.load(ordering: .acquiring)
            #expect(count == 100)
            await #expect(throws: ThreadPool.Refusal.shutDown) {
                try await loop.runInExecutor {}
            }
        }
    }

    @Test func `nobody waits for a pool longer than he wants to`() throws {
        let gate = Gate()
        try onLoop(.real) { loop in
            try loop.threadPool.submit { gate.pass() }
            await #expect(throws: TimeoutError()) {
                try await loop.shutdownThreadPool(timeout: .milliseconds(5))
            }
            gate.open()
        }
    }

    @Test func `a program of its own can end gracefully`() throws {
        try EventLoop.run { loop in
            loop.spawn { try await loop.sleep(for: .seconds(1_000)) }
            for _ in 0..<10 { await loop.yield() }
            try await loop.shutdownGracefully(timeout: .seconds(60))
        }
    }
}
