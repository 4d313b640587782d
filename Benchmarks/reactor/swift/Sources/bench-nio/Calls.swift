import Bench
import NIOCore
import NIOPosix

/// Threads for `body`, which says when it is over.
func withLoops(
    _ count: Int,
    _ body: ([any EventLoop], EventLoopPromise<Double>) throws -> Void
) throws -> Double {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
    let loops = Array(group.makeIterator())
    let over = loops[0].makePromise(of: Double.self)
    try body(loops, over)
    let pause = try over.futureResult.wait()
    try group.syncShutdownGracefully()
    return pause
}

enum Calls {
    /// Each call registers the next.
    static func chain(_ count: Int) throws -> Double {
        try withLoops(1) { loops, over in
            let chain = Chain(loops[0], left: count, over)
            loops[0].execute { chain.call() }
        }
    }

    /// Two loops on two threads; `count` is of round trips.
    static func pingPong(_ count: Int) throws -> Double {
        try withLoops(2) { loops, over in
            let court = Court(here: loops[0], there: loops[1], left: count, over)
            loops[1].execute { court.ping() }
        }
    }
}

private final class Chain: @unchecked Sendable {
    private let loop: any EventLoop
    private var left: Int
    private let over: EventLoopPromise<Double>

    init(_ loop: any EventLoop, left: Int, _ over: EventLoopPromise<Double>) {
        self.loop = loop
        self.left = left
        self.over = over
    }

    func call() {
        left -= 1
        if left > 0 { loop.execute { self.call() } } else { over.succeed(0) }
    }
}

private final class Court: @unchecked Sendable {
    private let here: any EventLoop
    private let there: any EventLoop
    // Of the thread of `here` only.
    private var left: Int
    private let over: EventLoopPromise<Double>

    init(
        here: any EventLoop,
        there: any EventLoop,
        left: Int,
        _ over: EventLoopPromise<Double>
    ) {
        self.here = here
        self.there = there
        self.left = left
        self.over = over
    }

    func ping() {
        here.execute { self.pong() }
    }

    private func pong() {
        left -= 1
        if left > 0 { there.execute { self.ping() } } else { over.succeed(0) }
    }
}
