import Supervision
import SystemTypes

/// Where every accident of a world comes from: a seed, and nothing else.
struct Chance {
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// True in so many of a hundred cases.
    mutating func happens(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &random)
    }

    mutating func seed() -> UInt64 { random.next() }

    mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
        .milliseconds(number(range))
    }

    mutating func pick<Value>(_ first: Value, _ others: Value...) -> Value {
        let index = number(0...others.count)
        return index == 0 ? first : others[index - 1]
    }

    mutating func pick<Value>(from values: [Value]) -> Value {
        precondition(!values.isEmpty)
        return values[number(0...values.count - 1)]
    }
}

// MARK: - Configurations

extension Chance {
    /// One to four programs of one to three instances, each with a policy of its own.
    mutating func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.daemon.shutdownTimeout = pick(.zero, .milliseconds(500), .seconds(5))
        configuration.programs = (0..<number(1...4)).map { program(named: "p\($0)") }
        return configuration
    }

    private mutating func program(named name: String) -> ProgramConfiguration {
        var program = ProgramConfiguration(name: name, command: ["true"])
        program.instances = pick(1, 1, 2, 3)
        program.autostart = happens(70)
        program.policy = policy()
        return program
    }

    private mutating func policy() -> Policy {
        var policy = Policy()
        policy.start.settle = pick(.zero, .milliseconds(10), .seconds(1), .seconds(1))
        policy.restart.when = pick(.always, .always, .onFailure, .never)
        policy.restart.retries = pick(nil, 1, 2, 4)
        policy.restart.successExitCodes = pick([0], [0, 3])
        policy.restart.backoff.initial = pick(.zero, .milliseconds(100), .seconds(2))
        policy.restart.backoff.max = pick(.seconds(2), .seconds(30))
        policy.restart.backoff.factor = pick(1, 1.5, 2)
        policy.restart.backoff.jitter = pick(0, 0.1, 1)
        policy.stop.signal = pick(.terminate, .interrupt, .quit)
        policy.stop.timeout = pick(.zero, .milliseconds(200), .seconds(2), .seconds(10))
        return policy
    }
}
