import LinuxSystem
import Reactor
import Synchronization
import SystemTypes
import Testing

/// An actor that lives on a loop.
private actor Resident {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    var count = 0

    init(_ loop: EventLoop) {
        self.loop = loop
    }

    func poke() -> Bool {
        count += 1
        return loop.isOnLoopThread
    }
}

@Suite struct CoroutineTests {
    @Test(arguments: LoopKind.allCases)
    func `a coroutine runs to its end on the loop's thread, and its result comes back`(
        kind: LoopKind
    )
        throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let result = try loop.runUntilComplete {
            await loop.yield()
            return loop.isOnLoopThread ? 42 : 0
        }
        #expect(result == 42)
    }

    @Test(arguments: LoopKind.allCases)
    func `an error of a coroutine comes back as it was thrown`(kind: LoopKind) throws {
        struct Refusal: Error, Equatable {}
        let loop = try kind.makeLoop()
        defer { loop.close() }
        #expect(throws: Refusal()) { try loop.runUntilComplete { throw Refusal() } }
    }

    @Test(arguments: LoopKind.allCases)
    func `a loop that is stopped too early says so, and does not lose the coroutine`(kind: LoopKind)
        throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        loop.callSoon { loop.callSoon { loop.stop() } }
        let ended = Atomic(false)
        #expect(throws: EventLoopError.stoppedBeforeCompletion) {
            try loop.runUntilComplete {
                for _ in 0..<100 { await loop.yield() }
                ended.store(true, ordering: .relaxed)
            }
        }
        let isEarly = ended.load(ordering: .relaxed)
        #expect(!isEarly)
        try loop.runUntilComplete { for _ in 0..<200 { await loop.yield() } }
        let isLate = ended.load(ordering: .relaxed)
        #expect(isLate)
    }

    @Test(arguments: LoopKind.allCases)
    func `an actor that names the loop runs on it, also when a callback enters it`(kind: LoopKind)
        throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let resident = Resident(loop)
        loop.callSoon { resident.assumeIsolated { $0.count += 10 } }
        let (onLoop, count) = try loop.runUntilComplete {
            await loop.yield()
            return (await resident.poke(), await resident.count)
        }
        #expect(onLoop && count == 11)
    }

    @Test(arguments: LoopKind.allCases)
    func `sleepers wake by deadline, and those with equal ones in order`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let order = Mutex<[Int]>([])
        let start = loop.now + .milliseconds(5)
        for number in [3, 1, 2, 1] {
            loop.spawn {
                try await loop.sleep(until: start + .milliseconds(number))
                order.withLock { $0.append(number) }
            }
        }
        try loop.runUntilComplete { try await loop.sleep(until: start + .milliseconds(9)) }
        #expect(order.withLock { $0 } == [1, 1, 2, 3])
    }

    @Test(arguments: LoopKind.allCases)
    func `what is written for any clock sleeps on the loop's`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        @Sendable func nap<C: Clock>(on clock: C) async throws -> Bool
        where C.Duration == Duration {
            let deadline = clock.now.advanced(by: .milliseconds(2))
            try await clock.sleep(until: deadline, tolerance: nil)
            return clock.now >= deadline && loop.isOnLoopThread
        }
        let start = loop.now
        let hasSlept = try loop.runUntilComplete { try await nap(on: loop.clock) }
        #expect(hasSlept && start.duration(to: loop.now) >= .milliseconds(2))
    }

    @Test(arguments: LoopKind.allCases)
    func `a sleep that is cancelled ends at once, whoever comes first`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        try loop.runUntilComplete {
            let asleep = loop.spawn { try await loop.sleep(for: .seconds(1_000)) }
            await loop.yield()
            asleep.cancel()
            await #expect(throws: CancellationError.self) { try await asleep.value }
            let early = loop.spawn { try await loop.sleep(for: .seconds(1_000)) }
            early.cancel()
            await #expect(throws: CancellationError.self) { try await early.value }
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a timeout cancels what takes too long, and waits for its end`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let hasEnded = Atomic(false)
        #expect(throws: TimeoutError.self) {
            try loop.runUntilComplete {
                try await loop.withTimeout(.milliseconds(5)) {
                    defer { hasEnded.store(true, ordering: .relaxed) }
                    try await loop.sleep(for: .seconds(1_000))
                }
            }
        }
        let didEnd = hasEnded.load(ordering: .relaxed)
        #expect(didEnd)
        #expect(
            try loop.runUntilComplete { try await loop.withTimeout(.seconds(1_000)) { 7 } } == 7
        )
    }

    @Test(arguments: LoopKind.allCases)
    func `a call enters an actor that is pinned to the loop, in its turn, unless cancelled`(
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let resident = Resident(loop)
        var counts: [Int] = []
        loop.callSoon { counts.append(resident.assumeIsolated { $0.count }) }
        loop.callSoon(isolatedTo: resident) { $0.count += 1 }
        loop.callSoon(isolatedTo: resident) { $0.count += 10 }.cancel()
        loop.callSoon { counts.append(resident.assumeIsolated { $0.count }) }
        #expect(counts.isEmpty)
        loop.runOnce()
        #expect(counts == [0, 1])
    }

    @Test(arguments: LoopKind.allCases)
    func `a call into an actor that throws is reported where it was registered`(kind: LoopKind)
        throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var places: [Place?] = []
        loop.exceptionHandler = { places.append($1.place) }
        let line: UInt = #line + 1
        loop.callSoon(isolatedTo: Resident(loop)) { _ in throw TimeoutError() }
        loop.runOnce()
        #expect(places == [Place(#fileID, line)])
    }

    @Test func `to call into an actor that is not pinned to the loop is a bug`() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop()
            loop.callSoon(isolatedTo: Resident(try EventLoop())) { _ in }
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a deadline that is moved further away lets the work go on`(kind: LoopKind) throws {
        try onLoop(kind) { loop in
            let start = loop.now
            let end = try await loop.withMovableDeadline(start + .milliseconds(5)) { deadline in
                #expect(deadline.deadline == start + .milliseconds(5))
                // The other task sleeps by then.
                for _ in 0..<2 { await loop.yield() }
                deadline.deadline = start + .seconds(1_000)
                try await loop.sleep(until: start + .milliseconds(10))
                return loop.now
            }
            #expect(end >= start + .milliseconds(10))
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a deadline that is moved closer ends the work then, and one of the past at once`(
        kind: LoopKind
    ) throws {
        try onLoop(kind) { loop in
            let start = loop.now
            for offset in [Duration.milliseconds(3), .milliseconds(-3)] {
                await #expect(throws: TimeoutError.self) {
                    try await loop.withMovableDeadline(start + .seconds(1_000)) { deadline in
                        // The other task sleeps by now.
                        for _ in 0..<2 { await loop.yield() }
                        deadline.deadline = start + offset
                        try await loop.sleep(for: .seconds(10_000))
                    }
                }
                #expect(loop.now >= start + offset)
            }
            #expect(kind == .real || loop.now == start + .milliseconds(3))
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a deadline that is moved after it was met stays met`(kind: LoopKind) throws {
        try onLoop(kind) { loop in
            _ = await #expect(throws: TimeoutError.self) {
                try await loop.withMovableDeadline(loop.now) { deadline in
                    try? await loop.sleep(for: .seconds(1_000))
                    deadline.deadline = loop.now + .seconds(1_000)
                }
            }
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a closed loop leaves no task`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        let ended = Atomic(0)
        for _ in 0..<10 {
            loop.spawn {
                defer { ended.add(1, ordering: .relaxed) }
                try await loop.sleep(for: .seconds(1_000))
            }
        }
        loop.callSoon { loop.stop() }
        loop.run()
        loop.close()
        let endings = ended.load(ordering: .relaxed)
        #expect(endings == 10)
    }

    @Test(arguments: LoopKind.allCases)
    func `tasks can be spawned from any thread`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let count = Atomic(0)
        let threads = 4
        for _ in 0..<threads {
            let thread = try Thread(name: "spawner") {
                for _ in 0..<500 {
                    loop.spawn {
                        await loop.yield()
                        if count.add(1, ordering: .relaxed).newValue == 500 * threads {
                            loop.stop()
                        }
                    }
                }
            }
            thread.join()
        }
        loop.run()
        let total = count.load(ordering: .relaxed)
        #expect(total == 500 * threads)
    }

    // In a process of its own, whose threads can be counted.
    @Test func `coroutines take no thread but the loop's`() async {
        await #expect(processExitsWith: .success) {
            let loop = try EventLoop()
            let before = ProcessTable.entry(of: ProcessTable.current)?.threads
            try loop.runUntilComplete {
                for _ in 0..<3 { try await loop.sleep(for: .milliseconds(1)) }
            }
            #expect(ProcessTable.entry(of: ProcessTable.current)?.threads == before)
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `an error that nobody can ask for is reported where the task was begun`(kind: LoopKind)
        throws
    {
        struct Refusal: Error {}
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var messages: [String] = []
        loop.exceptionHandler = { messages.append($1.message) }
        let line = #line + 1
        loop.spawn { throw Refusal() }
        loop.spawn { throw CancellationError() }
        let kept = loop.spawn { throw Refusal() }
        var dropped: SpawnedTask<Never>? = loop.spawn { throw Refusal() }
        #expect(dropped.map(\.isCancelled) == false)
        let droppedLine = #line - 2
        try loop.runUntilComplete {
            _ = await #expect(throws: Refusal.self) { try await kept.value }
        }
        #expect(messages.count == 1)
        dropped = nil
        loop.runOnce(waits: false)
        #expect(
            messages
                == [line, droppedLine].map {
                    "cannot finish task registered at ReactorTests/CoroutineTests.swift:\($0): Refusal()"
                }
        )
    }
}
