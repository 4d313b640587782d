import Glibc
import LinuxSystem
import Reactor
import Synchronization
import SystemTypes
import Testing

@Suite struct CoordinationTests {
    @Test(arguments: LoopKind.allCases)
    func `an event lets all go on that wait, and those that come later`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let event = AsyncEvent()
        let count = Atomic(0)
        try loop.runUntilComplete {
            let tasks = (0..<3).map { _ in
                loop.spawn {
                    try await event.wait()
                    count.add(1, ordering: .relaxed)
                }
            }
            await loop.yield()
            await loop.yield()
            #expect(count.load(ordering: .relaxed) == 0)
            event.set()
            for task in tasks { try await task.value }
            try await event.wait()
            event.clear()
            #expect(!event.isSet)
        }
        let total = count.load(ordering: .relaxed)
        #expect(total == 3)
    }

    @Test(arguments: LoopKind.allCases)
    func `permits go to those who wait, first come, first served, and not to the cancelled`(
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let semaphore = AsyncSemaphore(permits: 1)
        let order = Mutex<[Int]>([])
        try loop.runUntilComplete {
            try await semaphore.acquire()
            let tasks = (0..<4).map { number in
                loop.spawn {
                    try await semaphore.withPermit { order.withLock { $0.append(number) } }
                }
            }
            await loop.yield()
            tasks[1].cancel()
            semaphore.release()
            for task in tasks { _ = await task.result }
            // It is there again.
            try await semaphore.acquire()
        }
        #expect(order.withLock { $0 } == [0, 2, 3])
    }

    @Test(arguments: LoopKind.allCases, [0, 1, 3])
    func `a channel keeps the order, and holds no more than it may`(kind: LoopKind, capacity: Int)
        throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let channel = AsyncChannel<Int>(capacity: capacity)
        let sent = Atomic(0)
        let received = try loop.runUntilComplete {
            let sender = loop.spawn {
                for number in 0..<20 {
                    try await channel.send(number)
                    sent.add(1, ordering: .relaxed)
                }
                channel.finish()
            }
            for _ in 0..<50 { await loop.yield() }
            #expect(sent.load(ordering: .relaxed) == capacity)
            var received: [Int] = []
            for try await number in channel { received.append(number) }
            try await sender.value
            return received
        }
        #expect(received == Array(0..<20))
    }

    @Test(arguments: LoopKind.allCases)
    func `who is cancelled has neither sent nor received, and after the end nobody can`(
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        try loop.runUntilComplete {
            let channel = AsyncChannel<Int>(capacity: 0)
            let receiver = loop.spawn { try await channel.receive() }
            await loop.yield()
            receiver.cancel()
            await #expect(throws: CancellationError.self) { try await receiver.value }
            let sender = loop.spawn { try await channel.send(1) }
            await loop.yield()
            sender.cancel()
            await #expect(throws: CancellationError.self) { try await sender.value }
            let late = loop.spawn { try await channel.send(2) }
            await loop.yield()
            #expect(try await channel.receive() == 2)
            try await late.value
            channel.finish()
            #expect(try await channel.receive() == nil)
            await #expect(throws: AsyncChannel<Int>.Finished()) { try await channel.send(3) }
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `clean-up behind a shield is not cancelled with its task`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let isClean = Atomic(false)
        try loop.runUntilComplete {
            let task = loop.spawn {
                do {
                    try await loop.sleep(for: .seconds(1_000))
                } catch {
                    try await loop.withCancellationShield {
                        try await loop.sleep(for: .milliseconds(1))
                        isClean.store(true, ordering: .relaxed)
                    }
                }
            }
            await loop.yield()
            task.cancel()
            try await task.value
            await #expect(throws: TimeoutError.self) {
                try await loop.withCancellationShield(timeout: .milliseconds(1)) {
                    try await loop.sleep(for: .seconds(1_000))
                }
            }
        }
        let didClean = isClean.load(ordering: .relaxed)
        #expect(didClean)
    }

    // In a process of its own, which may be sent signals.
    @Test func `the first SIGINT cancels the program, which may clean up`() async {
        await #expect(processExitsWith: .success) {
            // The threads of the tests block it.
            _ = SignalMask([]).apply()
            let result = try EventLoop.run { loop in
                loop.callSoon { _ = Glibc.raise(SIGINT) }
                do {
                    try await loop.sleep(for: .seconds(1_000))
                    return 0
                } catch {
                    return try await loop.withCancellationShield { 7 }
                }
            }
            #expect(result == 7)
        }
    }

    @Test func `the second SIGINT ends the process`() async {
        await #expect(processExitsWith: .signal(SIGINT)) {
            _ = SignalMask([]).apply()
            try EventLoop.run { loop in
                _ = Glibc.raise(SIGINT)
                loop.callLater(.milliseconds(1)) { _ = Glibc.raise(SIGINT) }
                try await loop.withCancellationShield { try await loop.sleep(for: .seconds(1_000)) }
            }
        }
    }
}
