import LinuxSystem
import Reactor
import SystemTypes
import Testing

@Suite struct RepetitionTests {
    @Test func `a call that repeats does so until it is cancelled, from inside too`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        var runs = 0
        var timer: TimerHandle?
        timer = loop.callRepeatedly(every: .milliseconds(1)) {
            runs += 1
            guard runs == 5, let timer else { return }
            loop.cancel(timer)
            loop.callLater(.milliseconds(5)) { loop.stop() }
        }
        loop.run()
        #expect(runs == 5)
    }

    @Test func `deadlines are whole intervals after the first, and missed ones are left out`()
        throws
    {
        let loop = try EventLoop()
        defer { loop.close() }
        let interval = Duration.milliseconds(2)
        var runs = 0
        let timer = loop.callRepeatedly(every: interval, startingAfter: .milliseconds(1)) {
            runs += 1
            loop.stop()
        }
        let first = timer.deadline
        // Busy until several have passed.
        while Instant.now < first + interval * 3 {}
        loop.run()
        let next = timer.deadline
        #expect(runs == 1)
        #expect(next >= first + interval * 4)
        #expect((next - first).nanoseconds % interval.nanoseconds == 0)
        loop.run()
        #expect(runs == 2)
        loop.cancel(timer)
    }

    @Test func `the first one may come at once`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        var runs = 0
        let timer = loop.callRepeatedly(every: .seconds(1_000), startingAfter: .zero) { runs += 1 }
        loop.runOnce()
        #expect(runs == 1)
        loop.cancel(timer)
    }

    @Test func `a call that was cancelled holds nothing any more`() throws {
        final class Witness {}
        let loop = try EventLoop()
        defer { loop.close() }
        weak var shadow: Witness?
        let timer: TimerHandle
        do {
            let witness = Witness()
            shadow = witness
            timer = loop.callRepeatedly(every: .seconds(1_000)) { _ = witness }
        }
        #expect(shadow != nil)
        timer.cancel()
        #expect(shadow == nil)
    }
}
