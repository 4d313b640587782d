import LinuxSystem
import Reactor
import SystemPackage
import SystemTypes
import Testing

@Suite struct CallTests {
    @Test(arguments: LoopKind.allCases)
    func `calls run in the order in which they were registered`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var order: [Int] = []
        for number in 0..<100 { loop.callSoon { order.append(number) } }
        loop.callSoon { loop.stop() }
        loop.run()
        #expect(order == Array(0..<100))
    }

    @Test(arguments: LoopKind.allCases)
    func `what a call registers belongs to the next iteration`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var order: [String] = []
        loop.callSoon {
            order.append("first")
            loop.callSoon { order.append("third") }
        }
        loop.callSoon {
            order.append("second")
            loop.stop()
        }
        loop.run()
        #expect(order == ["first", "second"])
        loop.callSoon { loop.stop() }
        loop.run()
        #expect(order == ["first", "second", "third"])
    }

    @Test(arguments: LoopKind.allCases)
    func `a call that was cancelled does not run, and holds nothing any more`(kind: LoopKind) throws
    {
        final class Witness {}
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var witness: Witness? = Witness()
        weak let shadow = witness
        let handle = loop.callSoon { [witness] in
            Issue.record("ran all the same: \(String(describing: witness))")
        }
        witness = nil
        handle.cancel()
        #expect(shadow == nil)
        loop.callSoon { loop.stop() }
        loop.run()
    }

    @Test(arguments: LoopKind.allCases)
    func `timers run by deadline, and those with equal ones in order of registration`(
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let start = loop.now
        var order: [Int] = []
        for number in 0..<50 { loop.callAt(start + .milliseconds(2)) { order.append(number) } }
        for number in 50..<100 { loop.callAt(start + .milliseconds(1)) { order.append(number) } }
        loop.callAt(start + .seconds(-1)) { order.append(100) }
        loop.callAt(start + .milliseconds(3)) { loop.stop() }
        loop.run()
        #expect(order == [100] + Array(50..<100) + Array(0..<50))
        #expect(loop.now >= start + .milliseconds(3))
    }

    @Test(arguments: LoopKind.allCases)
    func `timers by the ten thousand keep their order, also where others were before`(
        kind: LoopKind
    ) throws {
        let count = 40_000
        // The second loop gets the memory of the first.
        for _ in 0..<2 {
            let loop = try kind.makeLoop()
            defer { loop.close() }
            let start = loop.now
            var (ran, last) = (0, start)
            for number in 0..<count {
                // Each offset once, for this is a prime.
                let deadline = start + .nanoseconds(number * 7_919 % count)
                loop.callAt(deadline) {
                    if deadline >= last { ran += 1 }
                    last = deadline
                }
            }
            loop.callAt(start + .nanoseconds(count)) { loop.stop() }
            for _ in 0..<count { loop.callLater(.seconds(1_000)) {} }
            loop.run()
            #expect(ran == count && loop.metrics.timers == count)
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `timers that are cancelled in any order leave the others in theirs`(kind: LoopKind) throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let start = loop.now
        var order: [Int] = []
        let timers = (0..<200).map { number in
            loop.callAt(start + .nanoseconds(number - 200)) { order.append(number) }
        }
        for number in stride(from: 0, to: 200, by: 3) { timers[number].cancel() }
        timers[0].cancel()
        loop.callSoon { loop.callSoon { loop.stop() } }
        loop.run()
        #expect(order == (0..<200).filter { $0 % 3 != 0 })
    }

    @Test(arguments: LoopKind.allCases)
    func `a million calls of eight threads at once keep the order of each thread`(kind: LoopKind)
        throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let arrivals = Arrivals(from: 8, each: kind == .real ? 125_000 : 1_000, on: loop)
        for thread in 0..<8 {
            try Thread(name: "poster") {
                for call in 0..<arrivals.each { loop.post { arrivals.note(call, of: thread) } }
            }.detach()
        }
        loop.run()
        #expect(arrivals.inOrder == 8 * arrivals.each)
    }

    @Test(arguments: LoopKind.allCases)
    func `a sleeping loop is woken by another thread`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let started = try EventFD()
        loop.callSoon { started.signal() }
        let waker = try Thread(name: "waker") { loop.stop() }
        loop.run()
        waker.join()
    }
}

/// What has come from other threads, and in which order.
private final class Arrivals: @unchecked Sendable {
    let each: Int
    private let loop: EventLoop
    // Of the loop's thread only.
    private var next: [Int]
    private var left: Int
    private(set) var inOrder = 0

    init(from threads: Int, each: Int, on loop: EventLoop) {
        self.each = each
        self.loop = loop
        next = Array(repeating: 0, count: threads)
        left = threads * each
    }

    func note(_ call: Int, of thread: Int) {
        if next[thread] == call { inOrder += 1 }
        next[thread] = call + 1
        left -= 1
        if left == 0 { loop.stop() }
    }
}

@Suite struct DescriptorTests {
    @Test func `calls that take long do not hold up the descriptors`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        let pipe = try Pipe()
        var calls = 0
        let registration = try loop.register(pipe.reading.raw, for: .read) { _ in loop.stop() }
        func call() {
            calls += 1
            let tick = Instant.lastTick
            while Instant.lastTick == tick {}
            if calls == 1 { _ = try? [1].withUnsafeBytes { try pipe.writing.write($0) } }
            loop.callSoon(call)
        }
        call()
        loop.run()
        registration.cancel()
        #expect(calls < 5)
    }

    @Test(arguments: LoopKind.allCases)
    func `a report for a descriptor that was closed meanwhile reaches nobody`(kind: LoopKind) throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let first = try Pipe()
        let second = try Pipe()
        var registrations: [Registration] = []
        var reports = 0
        // Both are ready in one batch; whoever comes first ends the other.
        for raw in [first.reading.raw, second.reading.raw] {
            registrations.append(
                try loop.register(raw, for: .read) { _ in
                    reports += 1
                    registrations.forEach { $0.cancel() }
                    loop.stop()
                }
            )
        }
        _ = try [1].withUnsafeBytes { try first.writing.write($0) }
        _ = try [1].withUnsafeBytes { try second.writing.write($0) }
        loop.run()
        #expect(reports == 1)
    }

    @Test(arguments: LoopKind.allCases)
    func `exits and signals come before bulk data`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let bulk = try Pipe()
        let urgent = try Pipe()
        var order: [String] = []
        let slow = try loop.register(bulk.reading.raw, for: .read) { _ in
            order.append("bulk")
            loop.stop()
        }
        let fast = try loop.register(urgent.reading.raw, for: .read, isUrgent: true) { _ in
            order.append("urgent")
        }
        _ = try [1].withUnsafeBytes { try bulk.writing.write($0) }
        _ = try [1].withUnsafeBytes { try urgent.writing.write($0) }
        loop.run()
        #expect(order == ["urgent", "bulk"])
        slow.cancel()
        fast.cancel()
    }

    // In a process of its own, where nobody else opens many descriptors meanwhile.
    @Test func `ten thousand loops leave no descriptor behind`() async {
        await #expect(processExitsWith: .success) {
            func lowestFreeDescriptor() throws -> CInt { try Files.openNull().raw }
            let before = try lowestFreeDescriptor()
            for _ in 0..<10_000 {
                let loop = try EventLoop()
                try loop.addSignalHandler(.user2) {}
                loop.callSoon { loop.stop() }
                loop.run()
                loop.close()
            }
            // The test's own machinery has a few, and closes or opens them when it likes.
            #expect(try lowestFreeDescriptor() < before + 100)
        }
    }
}

@Suite struct ChildTests {
    private func request(_ command: String) -> SpawnRequest {
        SpawnRequest(
            candidates: ["/bin/sh"],
            arguments: ["sh", "-c", command],
            environment: ["PATH=/usr/bin:/bin"]
        )
    }

    @Test(arguments: LoopKind.allCases)
    func `each child reports its own end, once`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let null = try Files.openNull()
        var ends: [Int32: Int] = [:]
        for code in Int32(0)..<50 {
            _ = try loop.spawn(
                request("exit \(code)"),
                stdio: (null.raw, null.raw, null.raw)
            ) { status in
                #expect(status == .exited(code))
                ends[code, default: 0] += 1
                if ends.count == 50 { loop.stop() }
            }
        }
        loop.run()
        #expect(ends.values.allSatisfy { $0 == 1 })
    }

    @Test(arguments: LoopKind.allCases)
    func `a child that has been reaped cannot be signalled, nor its group`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let null = try Files.openNull()
        let child = try loop.spawn(
            request("exit 0"),
            stdio: (null.raw, null.raw, null.raw)
        ) { _ in loop.stop() }
        #expect(child.usage == nil)
        loop.run()
        #expect(child.status == .exited(0))
        #expect(try #require(child.usage).residentBytesMax > 0)
        #expect(!loop.isChild(child.process))
        #expect(throws: Errno.noSuchProcess) { try child.send(.terminate) }
        #expect(throws: Errno.noSuchProcess) { try child.sendToGroup(.terminate) }
    }
}
