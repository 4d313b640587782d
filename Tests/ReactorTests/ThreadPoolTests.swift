import LinuxSystem
import Reactor
import Synchronization
import SystemTypes
import Testing

/// Holds up threads until it is opened.
private final class Gate: Sendable {
    private let isOpen = Monitor(false)

    func pass() {
        isOpen.wait { $0 ? () : nil }
    }

    func open() {
        isOpen.withLock { $0 = true }
        isOpen.broadcast()
    }
}

@Suite struct ThreadPoolTests {
    @Test(arguments: LoopKind.allCases)
    func `a costly call runs elsewhere, and its result comes back to the loop`(kind: LoopKind)
        throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let pool = ThreadPool(threadsMax: 2)
        defer { pool.shutDown() }
        let (sum, wasOnLoop, isOnLoop) = try loop.runUntilComplete {
            let (sum, wasOnLoop) = try await loop.runInExecutor(pool) {
                ((0..<1_000).reduce(0, +), loop.isOnLoopThread)
            }
            return (sum, wasOnLoop, loop.isOnLoopThread)
        }
        #expect(sum == 499_500 && !wasOnLoop && isOnLoop)
    }

    @Test func `no more threads work at a time than were allowed`() throws {
        let pool = ThreadPool(threadsMax: 3)
        let counts = Mutex((now: 0, most: 0, done: 0))
        for _ in 0..<200 {
            try pool.submit {
                counts.withLock {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                counts.withLock {
                    $0.now -= 1
                    $0.done += 1
                }
            }
        }
        pool.shutDown()
        let (most, done) = counts.withLock { ($0.most, $0.done) }
        #expect(done == 200 && (1...3).contains(most))
        #expect(throws: ThreadPool.Refusal.shutDown) { try pool.submit {} }
    }

    @Test func `a full queue refuses, and a call that has not begun can be taken back`() throws {
        let pool = ThreadPool(threadsMax: 1, queueMax: 1)
        let (started, gate) = (Gate(), Gate())
        try pool.submit {
            started.open()
            gate.pass()
        }
        started.pass()
        let waiting = try pool.submit { Issue.record("it was taken back") }
        #expect(throws: ThreadPool.Refusal.full) { try pool.submit {} }
        #expect(pool.cancel(waiting))
        #expect(!pool.cancel(waiting))
        gate.open()
        pool.shutDown()
    }

    @Test(arguments: LoopKind.allCases)
    func `a task that is cancelled before its call has begun never makes it`(kind: LoopKind) throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let pool = ThreadPool(threadsMax: 1)
        let (started, gate) = (Gate(), Gate())
        try pool.submit {
            started.open()
            gate.pass()
        }
        started.pass()
        try loop.runUntilComplete {
            let task = loop.spawn {
                try await loop.runInExecutor(pool) { Issue.record("it was cancelled") }
            }
            await loop.yield()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        gate.open()
        pool.shutDown()
    }

    @Test(arguments: LoopKind.allCases)
    func `a loop has threads of its own, which have done their work when it is closed`(
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        let pool = loop.threadPool
        #expect(loop.threadPool === pool)
        let sum = try loop.runUntilComplete {
            try await loop.runInExecutor { (0..<1_000).reduce(0, +) }
        }
        #expect(sum == 499_500)
        let done = Atomic(0)
        for _ in 0..<1_000 { try pool.submit { done.add(1, ordering: .relaxed) } }
        loop.close()
        let count = done.load(ordering: .acquiring)
        #expect(count == 1_000)
        #expect(throws: ThreadPool.Refusal.shutDown) { try pool.submit {} }
    }

    @Test func `what a call holds goes away with the task that asked, on its thread`() throws {
        final class Witness: Sendable {
            let end: @Sendable () -> Void

            init(_ end: @escaping @Sendable () -> Void) {
                self.end = end
            }

            deinit {
                end()
            }
        }
        let strays = Atomic(0)
        try onLoop(.real) { loop in
            func call() async throws {
                let witness = Witness {
                    if !loop.isOnLoopThread { strays.add(1, ordering: .relaxed) }
                }
                try await loop.runInExecutor { _ = witness.end }
            }
            for _ in 0..<20_000 { try await call() }
        }
        let count = strays.load(ordering: .relaxed)
        #expect(count == 0)
    }
}
