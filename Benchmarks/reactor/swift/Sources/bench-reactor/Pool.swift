import Bench
import Reactor

enum Pool {
    /// As many as libuv has.
    static let threads = 4

    /// Round trips from the loop to a thread of the pool and back, with callbacks.
    static func run(_ count: Int, atOnce: Int) throws -> Double {
        let trips = Trips(on: try EventLoop(), of: count)
        for _ in 0..<min(atOnce, count) { try trips.start() }
        trips.run()
        return 0
    }
}

private final class Trips: @unchecked Sendable {
    private let loop: EventLoop
    private let pool = ThreadPool(threadsMax: Pool.threads)
    // Of the loop's thread only.
    private var unstarted: Int
    private var left: Int

    init(on loop: EventLoop, of count: Int) {
        self.loop = loop
        (unstarted, left) = (count, count)
    }

    func start() throws {
        guard unstarted > 0 else { return }
        unstarted -= 1
        try pool.submit { self.work() }
    }

    // On a thread of the pool.
    private func work() {
        loop.post { try self.come() }
    }

    private func come() throws {
        left -= 1
        if left == 0 { loop.stop() }
        try start()
    }

    func run() {
        loop.run()
        loop.close()
        pool.shutDown()
        Bench.expect(left == 0, "not all came back")
    }
}
