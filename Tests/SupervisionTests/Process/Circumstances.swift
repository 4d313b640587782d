import Supervision
import SystemTypes

/// What the outcome of a step may depend on, in words.
struct Circumstances {
    private(set) var words: [String] = []

    init(of machine: ProcessMachine, _ event: ProcessMachine.Event, at now: Instant) {
        noteGoal(machine.goal)
        notePolicy(machine.policy)
        noteEnd(machine, event, at: now)
    }

    private mutating func noteGoal(_ goal: ProcessMachine.Goal) {
        words.append("goal \(goal)")
        switch goal {
        case .up: words += ["goal up", "goal up, held or leaving"]
        case .held: words += ["goal held", "goal up, held or leaving"]
        case .leaving: words += ["goal leaving, down or gone", "goal up, held or leaving"]
        case .down, .gone: words += ["goal leaving, down or gone", "goal down or gone"]
        }
    }

    private mutating func notePolicy(_ policy: Policy) {
        words.append(policy.readiness == .settled ? "ready when settled" : "ready when it says so")
        words.append(policy.stop.hasCommand ? "a command before the signal" : "no command")
        words.append(policy.kind == .service ? "service" : "oneshot")
        words.append(policy.restart.when == .never ? "never restarted" : "may be restarted")
    }

    private mutating func noteEnd(
        _ machine: ProcessMachine,
        _ event: ProcessMachine.Event,
        at now: Instant
    ) {
        let policy = machine.policy
        var (reason, isLeft, isSteady) = (Self.reason(in: machine.state), false, false)
        var survivors = ""
        switch (machine.state, event) {
        case (.starting(_, _, let until), .exited(let status, _)):
            isLeft = !policy.restarts(after: status)
            isSteady = policy.readiness == .settled && now >= until && policy.kind == .service
        case (.running, .exited(let status, _)):
            isLeft = !policy.restarts(after: status)
            isSteady = policy.kind == .service
        case (.clearing(.unasked(let status, let wasSteady)), _):
            (isLeft, isSteady) = (!policy.restarts(after: status), wasSteady)
        default: break
        }
        if case .exited(_, let count) = event { survivors = count > 0 ? "survivors" : "all gone" }
        if event == .spawnFailed { reason = "failed start" }
        if reason == "unhealthy" { isSteady = policy.kind == .service }
        let givesUp =
            policy.restart.givesUp(after: machine.failures + 1)
            || (reason == "failed start" && policy.restart.when == .never)
        words += [
            survivors, reason, isLeft ? "policy leaves it" : "policy restarts",
            isSteady ? "steady" : "failure", givesUp ? "no tries left" : "tries left",
        ]
    }

    /// Why a run is stopped, or was.
    private static func reason(in state: ProcessMachine.State) -> String {
        switch state {
        case .preparing(_, let reason, _), .stopping(_, let reason, _), .killing(_, let reason),
            .outlived(let reason, _), .clearing(.stopped(let reason)):
            switch reason {
            case .ordered: "ordered"
            case .startTimeout: "failed start"
            case .unhealthy: "unhealthy"
            }
        case .stopped, .waiting, .spawning, .starting, .running, .clearing(.unasked), .backoff,
            .exited, .fatal:
            "unasked"
        }
    }
}
