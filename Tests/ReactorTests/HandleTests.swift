import LinuxSystem
import Reactor
import ReactorTesting
import SystemTypes
import Testing

@Suite struct HandleTests {
    @Test(arguments: LoopKind.allCases)
    func `a call can be cancelled by one that runs before it in the same batch`(kind: LoopKind)
        throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var order: [Int] = []
        var second: Handle?
        let first = loop.callSoon {
            order.append(1)
            second?.cancel()
        }
        second = loop.callSoon { order.append(2) }
        loop.callSoon { order.append(3) }
        #expect(first.isPending && second?.isPending == true)
        loop.runOnce()
        #expect(order == [1, 3])
        #expect(!first.isPending && second?.isPending == false)
    }

    @Test(arguments: LoopKind.allCases)
    func `a timer can be cancelled by one that is due in the same batch`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var order: [Int] = []
        var second: TimerHandle?
        loop.callAt(loop.now) {
            order.append(1)
            second?.cancel()
        }
        second = loop.callAt(loop.now) { order.append(2) }
        loop.callAt(loop.now) { order.append(3) }
        loop.runOnce()
        #expect(order == [1, 3])
    }

    @Test(arguments: LoopKind.allCases)
    func `a handle of the past cancels nothing of the present`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var runs = 0
        let call = loop.callSoon { runs += 1 }
        let timer = loop.callAt(loop.now) { runs += 1 }
        loop.runOnce()
        // They take the places of those that are over.
        loop.callSoon { runs += 1 }
        let later = loop.callAt(loop.now) { runs += 1 }
        call.cancel()
        timer.cancel()
        #expect(!timer.isPending && later.isPending)
        loop.runOnce()
        #expect(runs == 4)
    }

    @Test func `a handle of a closed loop cancels nothing of the next one`() throws {
        let first = try EventLoop()
        let call = first.callSoon {}
        let timer = first.callLater(.seconds(1)) {}
        first.close()
        let second = try EventLoop()
        defer { second.close() }
        var runs = 0
        second.callSoon { runs += 1 }
        second.callAt(second.now) { runs += 1 }
        call.cancel()
        timer.cancel()
        second.runOnce()
        #expect(runs == 2)
    }

    @Test(arguments: LoopKind.allCases)
    func `what a timer registers for now belongs to the next iteration`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var order: [Int] = []
        loop.callAt(loop.now) {
            order.append(1)
            loop.callAt(loop.now + .seconds(-1)) { order.append(3) }
        }
        loop.callAt(loop.now) { order.append(2) }
        loop.runOnce()
        #expect(order == [1, 2])
        loop.runOnce()
        #expect(order == [1, 2, 3])
    }

    @Test func `what a closed loop lets go may cancel another timer`() throws {
        final class Owner {
            var timer: TimerHandle?
            deinit { timer?.cancel() }
        }
        let loop = try EventLoop()
        for _ in 0..<100 {
            let owner = Owner()
            loop.callLater(.zero) { _ = owner }
            owner.timer = loop.callLater(.zero) {}
        }
        loop.close()
    }

    @Test(arguments: [UInt64](1...8))
    func `timers run in order, however far away, and whichever are cancelled`(seed: UInt64) throws {
        let simulated = try SimulatedLoop()
        let loop = simulated.loop
        defer { loop.close() }
        var chance = SplitMix64(seed: seed)
        var expected: [(deadline: Int64, number: Int)] = []
        var order: [Int] = []
        var handles: [TimerHandle] = []
        func schedule(_ number: Int) {
            // From a nanosecond to a century, each magnitude as likely as another.
            let distance = Int64(chance.next() >> UInt64.random(in: 2...63, using: &chance))
            let deadline = loop.now + .nanoseconds(distance / 2)
            handles.append(loop.callAt(deadline) { order.append(number) })
            expected.append((deadline.nanoseconds, number))
        }
        for number in 0..<1_000 { schedule(number) }
        simulated.advance(by: .seconds(60))
        for number in 1_000..<2_000 { schedule(number) }
        for number in 0..<2_000 where chance.next() % 3 == 0 && handles[number].isPending {
            handles[number].cancel()
            expected.removeAll { $0.number == number }
        }
        loop.callAt(.distantFuture) { loop.stop() }
        loop.run()
        expected.sort { $0 < $1 }
        #expect(order == expected.map(\.number))
    }
}

@Suite struct FailureTests {
    struct Mishap: Error, Equatable {}

    @Test(arguments: LoopKind.allCases)
    func `an error of a callback goes to the handler, with its place, and ends nothing`(
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let pipe = try Pipe()
        var failures: [String] = []
        loop.exceptionHandler = { _, context in
            #expect(context.error is Mishap)
            #expect(context.message.contains("ReactorTests/HandleTests.swift:"))
            failures.append(context.source.rawValue)
        }
        loop.callSoon { throw Mishap() }
        loop.callAt(loop.now) { throw Mishap() }
        loop.runOnce()
        #expect(failures == ["call", "timer"])
        try loop.addWriter(pipe.writing.raw) {
            loop.removeWriter(pipe.writing.raw)
            throw Mishap()
        }
        loop.runOnce()
        loop.post { throw Mishap() }
        loop.runOnce()
        #expect(failures == ["call", "timer", "writer", "call"])
    }

    @Test(arguments: LoopKind.allCases)
    func `a timer that repeats goes on after an error`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var runs = 0
        loop.exceptionHandler = { _, _ in runs += 1 }
        loop.callRepeatedly(every: .milliseconds(1)) {
            if runs == 2 { loop.stop() }
            throw Mishap()
        }
        loop.run()
        #expect(runs == 3)
    }
}

@Suite struct PostingTests {
    @Test func `eight threads post a million calls, and each keeps its order`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        let (count, each) = (8, 125_000)
        // The loop's thread only.
        final class Tally: @unchecked Sendable {
            var next = [Int](repeating: 0, count: 8)
            var disorder = 0
            var total = 0
        }
        let tally = Tally()
        for thread in 0..<count {
            try Thread(name: "poster") {
                for call in 0..<each {
                    loop.post {
                        if tally.next[thread] != call { tally.disorder += 1 }
                        tally.next[thread] += 1
                        tally.total += 1
                        if tally.total == count * each { loop.stop() }
                    }
                }
            }.detach()
        }
        loop.run()
        #expect(tally.total == count * each && tally.disorder == 0)
    }
}
