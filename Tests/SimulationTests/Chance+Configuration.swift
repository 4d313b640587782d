import Supervision
import SystemTypes

extension Chance {
    /// Mostly a few programs, now and then up to fifty, each with a policy of its own.
    mutating func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.daemon.shutdownTimeout = pick(.zero, .milliseconds(500), .seconds(5))
        let count = happens(3) ? number(10...50) : number(1...5)
        configuration.programs = (0..<count).map { program(named: "p\($0)", after: $0) }
        // What is needed need not come first in the file.
        if happens(50) { configuration.programs.reverse() }
        return configuration
    }

    private mutating func program(named name: String, after count: Int) -> ProgramConfiguration {
        var program = ProgramConfiguration(name: name, command: ["true"])
        program.instances = pick(1, 1, 2, 3)
        program.autostart = happens(70)
        program.policy = policy()
        program.dependsOn = dependencies(among: count)
        return program
    }

    /// Only on those before it, so that there is no cycle.
    private mutating func dependencies(among count: Int) -> [Dependency] {
        guard count > 0, happens(60) else { return [] }
        let others = Set((0..<pick(1, 1, 2, 4)).map { _ in number(0...count - 1) }).sorted()
        return others.map { other in
            Dependency(
                program: "p\(other)",
                condition: pick(.started, .ready, .ready, .healthy, .completed)
            )
        }
    }

    private mutating func policy() -> Policy {
        var policy = Policy()
        policy.kind = pick(.service, .service, .service, .oneshot)
        policy.start.settle = pick(.zero, .milliseconds(10), .seconds(1), .seconds(1))
        policy.start.timeout = pick(.zero, .milliseconds(200), .seconds(5))
        policy.readiness = pick(.settled, .settled, .reported)
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
