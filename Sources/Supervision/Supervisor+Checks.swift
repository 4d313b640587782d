import OrderedCollections
import SystemTypes

/// Asking programs how they are, from when they are up to when they are told to stop.
extension Supervisor {
    /// Ends what is asked of a run that is not in the state for it any more.
    mutating func endChecks(_ index: Int) {
        let instance = instances.values[index]
        guard instance.checks.need != instance.checksNeeded else { return }
        if instance.checks.isAsking { effects.append(.endProbe(instance.incarnation)) }
        instances.values[index].checks.end()
        instances.values[index].verdict = nil
    }

    mutating func beginChecks(_ index: Int) {
        let need = instances.values[index].checksNeeded
        guard instances.values[index].checks.need != need else { return }
        instances.values[index].checks.begin(need, at: now)
        // The first sign of life is taken as given.
        if case .health(.watchdog) = need { instances.values[index].verdict = true }
    }

    mutating func probeAnswered(
        _ run: Incarnation,
        _ role: ProbeRole,
        _ attempt: Int,
        _ failure: String?
    ) {
        guard isCurrent(run) else { return }
        ask(run.instance, role, .answered(attempt: attempt, failure: failure))
    }

    mutating func pinged(_ run: Incarnation) {
        guard isCurrent(run), case .watchdog(var watchdog)? = instances[run.instance]?.checks.check
        else { return }
        watchdog.ping(at: now)
        instances[run.instance]?.checks.check = .watchdog(watchdog)
        watch(run.instance)
        judge(run.instance, true, nil)
    }

    /// The same as silence, where signs of life are waited for; else it is for the policy of
    /// restarts alone, as in systemd.
    mutating func watchdogTriggered(_ run: Incarnation) {
        guard isCurrent(run), let instance = instances[run.instance],
            instance.machine.phase == .running, instance.endedAt == nil
        else { return }
        if case .watchdog? = instances[run.instance]?.checks.check {
            expireCheck(of: run.instance)
        } else {
            instances[run.instance]?.stopCause = .watchdog
            apply(.unhealthy, to: run.instance)
        }
    }

    /// A check is due.
    mutating func expireCheck(of id: InstanceID) {
        switch instances[id]?.checks.check {
        case .readiness?: ask(id, .ready, .deadlineReached)
        case .health?: ask(id, .health, .deadlineReached)
        case .watchdog(let watchdog)?:
            // Where that is only shown, the next sign of life is waited for anew.
            let next = Watchdog(timeout: watchdog.timeout, at: now)
            instances[id]?.checks.check = .watchdog(next)
            watch(id)
            judge(id, false, .watchdog)
        case nil: break
        }
    }

    private mutating func ask(_ id: InstanceID, _ role: ProbeRole, _ event: Prober.Event) {
        let demands: [Prober.Effect]
        switch (instances[id]?.checks.check, role) {
        case (.readiness(var prober)?, .ready):
            demands = prober.handle(event, at: now)
            instances[id]?.checks.check = .readiness(prober)
            instances[id]?.checks.failure = prober.lastFailure
        case (.health(var prober)?, .health):
            demands = prober.handle(event, at: now)
            instances[id]?.checks.check = .health(prober)
        case (.readiness?, _), (.health?, _), (.watchdog?, _), (nil, _):
            return  // What was asked is of no interest any more.
        }
        watch(id)
        for demand in demands { perform(demand, id, role) }
    }

    private mutating func perform(_ demand: Prober.Effect, _ id: InstanceID, _ role: ProbeRole) {
        guard let run = instances[id]?.incarnation else { return }
        switch demand {
        case .ask(let attempt): effects.append(.probe(run, role, attempt: attempt))
        case .abandon: effects.append(.endProbe(run))
        case .passed where role == .ready: apply(.ready, to: id)
        case .passed: judge(id, true, nil)
        // It has until the start timeout to get better.
        case .failed where role == .ready: break
        case .failed(let message): judge(id, false, .probe(.health, message: message))
        }
    }

    /// Draws the consequence of what a check has found.
    private mutating func judge(_ id: InstanceID, _ isWell: Bool, _ cause: Cause?) {
        guard let instance = instances[id], instance.verdict != isWell else { return }
        instances[id]?.verdict = isWell
        touched.append(id)
        affected.append(id.program)
        effects.append(.announce(Change(of: instance, isHealthy: isWell, cause, at: now)))
        guard let cause, instance.machine.policy.health?.onFailure == .restart else { return }
        instances[id]?.stopCause = cause
        apply(.unhealthy, to: id)
    }

    /// Asks a question that is open once more, with new patience.
    mutating func askAgain(_ id: InstanceID) {
        let role: ProbeRole
        switch instances[id]?.checks.check {
        case .readiness?: role = .ready
        case .health?: role = .health
        case .watchdog?: return
        case nil:
            // Begun anew where nobody has written down how far it was.
            guard let need = instances[id]?.checksNeeded else { return }
            instances[id]?.checks.begin(need, at: now)
            return watch(id)
        }
        ask(id, role, .lost)
    }

    private mutating func watch(_ id: InstanceID) {
        if let deadline = instances[id]?.deadline { deadlines.insert(id, at: deadline) }
    }
}
