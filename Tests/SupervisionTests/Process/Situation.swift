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

    private init(policy: Policy, after events: [ProcessMachine.Event]) {
        let bench = Bench(policy: policy, after: events)
        machine = bench.machine
        now = bench.now
        name = ProcessMachine.name(of: bench.machine.state)
    }

    /// In the order in which ``ProcessMachine/State`` declares the states.
    static let all: [Situation] = {
        let policies = RestartPolicy.When.allCases.flatMap { when in
            [3, 1].map { retries in
                Policy.test {
                    $0.restart.when = when
                    $0.restart.retries = retries
                }
            }
        }
        let usual = ways.flatMap { way in policies.map { Situation(policy: $0, after: way) } }
        let ended = [ProcessMachine.Event].running + [.exited(code: 1)]
        return usual + [
            Situation(policy: .test, after: .backoff),
            Situation(policy: .test { $0.restart.when = .never }, after: ended),
            Situation(policy: .test, after: .fatal),
        ]
    }()

    /// Ways that every policy allows.
    private static let ways: [[ProcessMachine.Event]] = [
        [],
        [.start], [.start, .stop], [.start, .kill],
        .starting,
        .running,
        .stopping, .stopping + [.start],
        .killing, .killing + [.start], .running + [.kill],
        .outlived, .outlived + [.start],
        .clearing, .clearing + [.start], .clearing + [.kill],
        .running + [.exited(code: 1, survivors: 2)],
        .running + [.exited(code: 1, survivors: 2), .stop],
        .running + [.exited(code: 0, survivors: 2)],
        .starting + [.exited(code: 1, survivors: 2)],
    ]
}

extension ProcessMachine {
    /// The case alone, without what it carries.
    static func name(of state: State) -> String {
        String(String(describing: state).prefix { $0 != "(" })
    }
}
