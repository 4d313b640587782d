import LinuxSystem
import Reactor
import ReactorTesting
import SystemTypes
import Testing

@Suite struct RepetitionTests {
    @Test(arguments: LoopKind.allCases)
    func `a call that repeats does so until it is cancelled, from inside too`(kind: LoopKind) throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var runs = 0
        var timer: TimerHandle?
        timer = loop.callRepeatedly(every: .milliseconds(1)) {
            runs += 1
            guard runs == 5, let timer else { return }
            timer.cancel()
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
        timer.cancel()
    }

    @Test func `an hour of minutes is sixty of them, each at its moment`() throws {
        let simulated = try SimulatedLoop()
        let loop = simulated.loop
        defer { loop.close() }
        var moments: [Instant] = []
        loop.callRepeatedly(every: .seconds(60)) { moments.append(loop.now) }
        simulated.advance(by: .seconds(3_600))
        #expect(moments == (1...60).map { Instant.zero + .seconds(60 * $0) })
    }

    @Test(arguments: LoopKind.allCases)
    func `the first one may come at once`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var runs = 0
        let timer = loop.callRepeatedly(every: .seconds(1_000), startingAfter: .zero) { runs += 1 }
        loop.runOnce()
        #expect(runs == 1)
        timer.cancel()
    }

    @Test(arguments: LoopKind.allCases)
    func `a call that was cancelled holds nothing any more`(kind: LoopKind) throws {
        final class Witness {}
        let loop = try kind.makeLoop()
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
