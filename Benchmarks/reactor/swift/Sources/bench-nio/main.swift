import Bench
import NIOCore
import NIOPosix

// The works of the benchmark on SwiftNIO.
//
//     bench-nio WORK COUNT

let bodies: [String: (Int) throws -> Double] = [
    "callsoon-chain": Calls.chain,
    "post-pingpong": Calls.pingPong,
    "timers-cancel": Timers.cancel,
    "timers-fire": Timers.fire,
    "pool-1": { try Pool.run($0, atOnce: 1) },
    "pool-100": { try Pool.run($0, atOnce: 100) },
    "child-read": Output.read,
    "child-to-file": Output.copy,
]
let (work, count) = Bench.request()
if let body = bodies[work] {
    try Bench.measure(work, count) { try body(count) }
} else {
    // SwiftNIO starts no processes, and is no executor for tasks.
    Bench.unsupported(work)
}
