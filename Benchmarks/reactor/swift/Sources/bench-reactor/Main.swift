import Bench
import Reactor

/// The works of the benchmark on Reactor.
///
///     bench-reactor WORK COUNT
@main struct Main {
    static func main() throws {
        let (work, count) = Bench.request()
        guard let body = bodies[work] else { return Bench.unsupported(work) }
        try Bench.measure(work, count) { try body(count) }
    }

    private static let bodies: [String: @Sendable (Int) throws -> Double] = [
        "callsoon-chain": { try Calls.chain($0) },
        "callsoon-measured": { try Calls.chain($0, isMeasuring: true) },
        "post-pingpong": Calls.pingPong,
        "timers-cancel": Timers.cancel,
        "timers-fire": Timers.fire,
        "tasks": Coroutines.run,
        "pool-1": { try Pool.run($0, atOnce: 1) },
        "pool-100": { try Pool.run($0, atOnce: 100) },
        "pool-await-1": { try Coroutines.pool($0, atOnce: 1) },
        "pool-await-100": { try Coroutines.pool($0, atOnce: 100) },
        "spawn-1": { try Processes.spawn($0, atOnce: 1) },
        "spawn-8": { try Processes.spawn($0, atOnce: 8) },
        "child-read": Output.read,
        "child-read-socket": Output.readSocket,
        "child-to-file": Output.copy,
    ]
}
