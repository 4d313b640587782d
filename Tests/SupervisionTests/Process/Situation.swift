import Supervision
import SystemTypes
import Testing

/// A machine in one of its states, brought there by real events.
///
/// Where the next step depends on more than the state, there are several of one state.
struct Situation: Sendable, CustomTestStringConvertible {
    /// The case of the state.
    let name: String
    let machine: ProcessMachine
    let now: Instant

    var testDescription: String { "\(machine.state), goal \(machine.goal)" }

    private init(policy: Policy, isFree: Bool = true, after events: [ProcessMachine.Event]) {
        let bench = Bench(policy: policy, isFree: isFree, after: events)
        machine = bench.machine
        now = bench.now
        name = ProcessMachine.name(of: bench.machine.state)
    }

    /// With every policy that makes a difference; in the order in which the states are declared.
    static let all = sorted(policies.flatMap(situations))

    /// Enough to see what holds whatever the policy.
    static let typical = sorted(
        [Policy.test, .test { ($0.readiness, $0.stop.hasCommand) = (.reported, true) }].flatMap(
            situations
        )
    )

    private static func situations(with policy: Policy) -> [Situation] {
        let atRest = [
            Situation(policy: policy, after: []),
            Situation(policy: policy, isFree: false, after: [.start]),
        ]
        let up = ways(with: policy).map { Situation(policy: policy, after: $0) }
        let ended = [ProcessMachine.Event].running + [.exited(code: 1)]
        return atRest + up + [
            Situation(policy: .test, after: .backoff),
            Situation(policy: .test { $0.restart.when = .never }, after: ended),
            Situation(policy: .test, after: .fatal),
        ]
    }

    private static func sorted(_ situations: [Situation]) -> [Situation] {
        order.flatMap { name in situations.filter { $0.name == name } }
    }

    private static let order = [
        "stopped", "waiting", "spawning", "starting", "running", "preparing", "stopping",
        "killing", "outlived", "clearing", "backoff", "exited", "fatal",
    ]

    private static let policies: [Policy] = {
        let restarts = RestartPolicy.When.allCases.flatMap { when in
            [3, 1].map { retries in
                Policy.test {
                    $0.restart.when = when
                    $0.restart.retries = retries
                }
            }
        }
        return restarts.flatMap { policy in
            Policy.Kind.allCases.prefix(2).flatMap { kind in
                [Readiness.settled, .reported].flatMap { readiness in
                    [false, true].map { hasCommand in
                        var policy = policy
                        policy.kind = kind
                        policy.readiness = readiness
                        policy.stop.hasCommand = hasCommand
                        return policy
                    }
                }
            }
        }
    }()

    private static func ways(with policy: Policy) -> [[ProcessMachine.Event]] {
        let starting = [ProcessMachine.Event].starting
        let isSettled = policy.readiness == .settled
        let up = starting + [isSettled ? .deadlineReached : .ready]
        let left = ProcessMachine.Event.exited(code: 0, survivors: 2)
        let stops: [[ProcessMachine.Event]] =
            [up + [.stop], up + [.stop, .start], up + [.makeWay], up + [.unhealthy]]
            + (isSettled ? [] : [starting + [.deadlineReached]])
        let halts = policy.stop.hasCommand ? stops + stops.map { $0 + [.stopCommandEnded] } : stops
        return [
            [.start], [.start, .hold], [.start, .leave], [.start, .stop], [.start, .kill],
            starting, starting + [.hold], starting + [.leave],
            up, up + [.hold], up + [.leave],
            up + [.kill], up + [.kill, .start], up + [.hold, .kill],
            up + [.exited(code: 1, survivors: 2)],
            up + [.exited(code: 1, survivors: 2), .hold],
            up + [.exited(code: 1, survivors: 2), .stop],
            up + [.exited(code: 1, survivors: 2), .kill],
            up + [left], starting + [left],
        ] + halts
            + halts.map { $0 + [left] }
            + halts.map { $0 + [left, .deadlineReached] }
            + stops.map { $0 + [.kill] }
            + stops.map { $0 + [.kill, .start] }
    }
}

extension ProcessMachine {
    /// The case alone, without what it carries.
    static func name(of state: State) -> String {
        String(String(describing: state).prefix { $0 != "(" })
    }
}
