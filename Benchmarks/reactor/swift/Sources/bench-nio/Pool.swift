import NIOCore
import NIOPosix

enum Pool {
    /// Round trips from the loop to a thread of the pool and back.
    static func run(_ count: Int, atOnce: Int) throws -> Double {
        let threads = NIOThreadPool(numberOfThreads: 4)
        threads.start()
        let pause = try withLoops(1) { loops, over in
            let trips = Trips(loops[0], threads, count, over)
            loops[0].execute {
                for _ in 0..<atOnce { trips.start() }
            }
        }
        try threads.syncShutdownGracefully()
        return pause
    }
}

// Of the loop's thread only.
private final class Trips: @unchecked Sendable {
    private let loop: any EventLoop
    private let threads: NIOThreadPool
    private var unstarted: Int
    private var left: Int
    private let over: EventLoopPromise<Double>

    init(
        _ loop: any EventLoop,
        _ threads: NIOThreadPool,
        _ count: Int,
        _ over: EventLoopPromise<Double>
    ) {
        self.loop = loop
        self.threads = threads
        unstarted = count
        left = count
        self.over = over
    }

    func start() {
        guard unstarted > 0 else { return }
        unstarted -= 1
        threads.runIfActive(eventLoop: loop) {}.whenSuccess {
            self.left -= 1
            if self.left == 0 { self.over.succeed(0) } else { self.start() }
        }
    }
}
