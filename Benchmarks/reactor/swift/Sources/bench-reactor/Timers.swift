import Bench
import Glibc
import LinuxSystem
import Reactor
import SystemTypes

enum Timers {
    /// Schedules `count` timers, then cancels them in the order in which they were made.
    static func cancel(_ count: Int) throws -> Double {
        let loop = try EventLoop()
        var timers: [TimerHandle] = []
        timers.reserveCapacity(count)
        for index in 0..<count {
            let delay = 3_600_000 + Bench.shuffled(index, count) * 3_600_000 / count
            timers.append(
                loop.callLater(.milliseconds(delay)) { Bench.expect(false, "it was cancelled") }
            )
        }
        for timer in timers { timer.cancel() }
        loop.callSoon { loop.stop() }
        loop.run()
        loop.close()
        return 0
    }

    /// All are due when the loop gets to run: the time of waiting is taken out.
    static func fire(_ count: Int) throws -> Double {
        let loop = try EventLoop()
        let begin = Instant.now
        var (done, last) = (0, Instant.zero)
        for index in 0..<count {
            let due =
                begin + .microseconds(1_000_000 + Bench.shuffled(index, count) * 100_000 / count)
            loop.callAt(due) {
                Bench.expect(due >= last, "timers out of order")
                last = due
                done += 1
                if done == count { loop.stop() }
            }
        }
        let pause = Bench.wall
        usleep(1_110_000)
        let waited = Bench.wall - pause
        loop.run()
        loop.close()
        return waited
    }
}
