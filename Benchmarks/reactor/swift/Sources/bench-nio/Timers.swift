import Bench
import Glibc
import NIOCore
import NIOPosix

enum Timers {
    /// Schedules `count` timers, then cancels them in the order in which they were made.
    static func cancel(_ count: Int) throws -> Double {
        try withLoops(1) { loops, over in
            let loop = loops[0]
            loop.execute {
                var timers: [Scheduled<Void>] = []
                timers.reserveCapacity(count)
                for index in 0..<count {
                    let delay = 3_600_000 + Bench.shuffled(index, count) * 3_600_000 / count
                    timers.append(
                        loop.scheduleTask(in: .milliseconds(Int64(delay))) {
                            Bench.expect(false, "it was cancelled")
                        }
                    )
                }
                for timer in timers { timer.cancel() }
                loop.execute { over.succeed(0) }
            }
        }
    }

    /// All are due when the loop gets to run: the time of waiting is taken out.
    static func fire(_ count: Int) throws -> Double {
        try withLoops(1) { loops, over in
            let order = Order(count, over)
            let loop = loops[0]
            loop.execute {
                let begin = NIODeadline.now()
                for index in 0..<count {
                    let delay = 1_000_000 + Bench.shuffled(index, count) * 100_000 / count
                    let due = begin + .microseconds(Int64(delay))
                    loop.scheduleTask(deadline: due) { order.fired(due) }
                }
                let pause = Bench.wall
                usleep(1_110_000)
                order.pause = Bench.wall - pause
            }
        }
    }
}

// Of the loop's thread only.
private final class Order: @unchecked Sendable {
    var pause = 0.0
    private var left: Int
    private var last = NIODeadline.uptimeNanoseconds(0)
    private let over: EventLoopPromise<Double>

    init(_ count: Int, _ over: EventLoopPromise<Double>) {
        left = count
        self.over = over
    }

    func fired(_ due: NIODeadline) {
        Bench.expect(due >= last, "timers out of order")
        last = due
        left -= 1
        if left == 0 { over.succeed(pause) }
    }
}
