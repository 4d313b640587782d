import Supervision
import SystemTypes

extension Chance {
    /// Mostly a few programs, now and then up to fifty, each with a policy of its own.
    mutating func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.daemon.shutdownTimeout = pick(.zero, .milliseconds(500), .seconds(5))
        if happens(30) {
            configuration.daemon.starts.burst = number(1...3)
            configuration.daemon.starts.perSecond = number(1...20)
        }
        let count = happens(3) ? number(10...50) : number(1...5)
        for number in 0..<count {
            let program = program(named: "p\(number)", after: configuration.programs)
            configuration.programs.append(program)
        }
        // What is needed need not come first in the file.
        if happens(50) { configuration.programs.reverse() }
        return configuration
    }

    private mutating func program(named name: String, after others: [ProgramConfiguration])
        -> ProgramConfiguration
    {
        var program = ProgramConfiguration(name: name, command: ["true"])
        program.instances = pick(1, 1, 2, 3)
        program.autostart = happens(70)
        program.policy = policy()
        program.dependsOn = dependencies(among: others)
        return program
    }

    /// Only on those before it, so that there is no cycle.
    private mutating func dependencies(among others: [ProgramConfiguration]) -> [Dependency] {
        guard !others.isEmpty, happens(60) else { return [] }
        let count = pick(1, 1, 2, 4)
        let numbers = Set((0..<count).map { _ in number(0...others.count - 1) }).sorted()
        return numbers.map { number in
            // What runs for ever is never completed.
            let isService = others[number].policy.kind == .service
            let condition: Dependency.Condition =
                isService
                ? pick(.started, .ready, .ready, .healthy)
                : pick(.ready, .completed, .completed)
            return Dependency(program: others[number].name, condition: condition)
        }
    }

    private mutating func probing() -> ProbePolicy {
        var policy = ProbePolicy()
        policy.interval = pick(.milliseconds(50), .milliseconds(250), .seconds(10))
        policy.timeout = pick(.milliseconds(20), .milliseconds(200), .seconds(2))
        policy.failures = number(1...3)
        policy.successes = number(1...2)
        policy.delay = pick(.zero, .milliseconds(100))
        return policy
    }

    private mutating func health() -> HealthPolicy {
        let timeout = milliseconds(500...2_000)
        var health = HealthPolicy(check: pick(.probe(probing()), .watchdog(timeout)))
        health.onFailure = pick(.restart, .mark)
        return health
    }

    private mutating func policy() -> Policy {
        var policy = Policy()
        policy.kind = pick(.service, .service, .service, .oneshot)
        policy.start.settle = pick(.zero, .milliseconds(10), .seconds(1), .seconds(1))
        policy.start.timeout = pick(.zero, .milliseconds(200), .seconds(5))
        policy.readiness = pick(.settled, .settled, .reported, .probed(probing()))
        policy.health = pick(nil, nil, nil, health())
        policy.restart.when = pick(.always, .always, .onFailure, .never)
        policy.restart.retries = pick(nil, 1, 2, 4)
        policy.restart.successExitCodes = pick([0], [0, 3])
        policy.restart.backoff.initial = pick(.zero, .milliseconds(100), .seconds(2))
        policy.restart.backoff.max = pick(.seconds(2), .seconds(30))
        policy.restart.backoff.factor = pick(1, 1.5, 2)
        policy.restart.backoff.jitter = pick(0, 0.1, 1)
        policy.stop.signal = pick(.terminate, .interrupt, .quit)
        policy.stop.timeout = pick(.zero, .milliseconds(200), .seconds(2), .seconds(10))
        policy.stop.hasCommand = happens(25)
        return policy
    }
}
