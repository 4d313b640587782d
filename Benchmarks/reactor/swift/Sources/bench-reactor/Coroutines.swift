import Bench
import Reactor

enum Coroutines {
    /// Tasks that yield once, 100 at a time.
    static func run(_ count: Int) throws -> Double {
        let loop = try EventLoop()
        try loop.runUntilComplete {
            for _ in 0..<count / 100 {
                let tasks = (0..<100).map { _ in loop.spawn { await loop.yield() } }
                for task in tasks { try await task.value }
            }
        }
        loop.close()
        return 0
    }

    /// Round trips from the loop to a thread of the pool and back.
    static func pool(_ count: Int, atOnce: Int) throws -> Double {
        let loop = try EventLoop()
        let pool = ThreadPool(threadsMax: Pool.threads)
        try loop.runUntilComplete {
            let travellers = (0..<atOnce).map { _ in
                loop.spawn {
                    for _ in 0..<count / atOnce { try await loop.runInExecutor(pool) {} }
                }
            }
            for traveller in travellers { try await traveller.value }
        }
        loop.close()
        pool.shutDown()
        return 0
    }
}
