import Supervision
import SystemTypes
import Testing

@Suite struct StartPaceTests {
    private func pace(burst: Int, perSecond: Int) -> StartPace {
        var starts = DaemonConfiguration.Starts()
        starts.burst = burst
        starts.perSecond = perSecond
        return StartPace(starts)
    }

    /// How many are given out at once.
    private func takeAll(of pace: inout StartPace, at now: Instant) -> Int {
        var count = 0
        while pace.take(at: now) { count += 1 }
        return count
    }

    @Test(arguments: [1, 2, 100, 1_000])
    func `after a rest a whole burst may start, and not one more`(burst: Int) {
        var pace = pace(burst: burst, perSecond: 10)
        #expect(takeAll(of: &pace, at: .seconds(7)) == burst)
        #expect(takeAll(of: &pace, at: .seconds(7_000)) == burst)
    }

    @Test func `after the burst they start one by one, each when its time has come`() {
        var pace = pace(burst: 3, perSecond: 10)
        #expect(takeAll(of: &pace, at: .zero) == 3)
        #expect(pace.nextAt == .seconds(0.1))
        #expect(takeAll(of: &pace, at: .seconds(0.099)) == 0)
        #expect(takeAll(of: &pace, at: .seconds(0.1)) == 1)
        #expect(pace.nextAt == .seconds(0.2))
        #expect(takeAll(of: &pace, at: .seconds(0.45)) == 3)
        #expect(pace.nextAt == .seconds(0.55))
    }

    @Test func `as many start in a second as the pace says, however often somebody asks`() {
        var pace = pace(burst: 100, perSecond: 2_000)
        var started = 0
        for millisecond in 0...1_000 {
            started += takeAll(of: &pace, at: .seconds(Double(millisecond) / 1_000))
        }
        #expect(started == 2_100)
    }

    @Test func `whoever may start now has no instant to wait for`() {
        #expect(pace(burst: 1, perSecond: 1).nextAt <= Instant(nanoseconds: .min))
        #expect(pace(burst: .max, perSecond: 1).nextAt <= Instant(nanoseconds: .min))
    }

    @Test func `a pace at which nothing would ever start is a mistake`() async {
        await #expect(processExitsWith: .failure) {
            var starts = DaemonConfiguration.Starts()
            starts.burst = 0
            _ = StartPace(starts)
        }
    }
}
