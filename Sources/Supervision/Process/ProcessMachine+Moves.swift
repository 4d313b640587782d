import SystemTypes

extension ProcessMachine {
    /// An order changes what is wanted, whatever is the case now.
    mutating func heed(_ event: Event) {
        switch event {
        case .start:
            goal = .up
            failures = 0  // Those before it are forgiven.
            forgetReason()
        case .stop: goal = .down
        case .kill: goal = .gone
        case .leave: if goal == .up || goal == .held { goal = .leaving }
        case .hold, .makeWay: if goal == .up, !isAtRest { goal = .held }
        case .release: if goal == .held { goal = .up }
        case .free, .dependencyFailed, .withdrawn, .spawned, .spawnFailed, .ready, .mainProcess,
            .unhealthy, .extended, .stopCommandEnded, .exited, .treeGone, .deadlineReached:
            break
        }
    }

    /// What comes next is the operator's decision now, and no longer the policy's.
    private mutating func forgetReason() {
        switch state {
        case .preparing(let pid, _, let until): state = .preparing(pid, .ordered, until: until)
        case .stopping(let pid, _, let killAt): state = .stopping(pid, .ordered, killAt: killAt)
        case .killing(let pid, _): state = .killing(pid, .ordered)
        case .outlived(_, let killAt): state = .outlived(.ordered, killAt: killAt)
        case .clearing: state = .clearing(.stopped(.ordered))
        case .stopped, .waiting, .spawning, .starting, .running, .backoff, .exited, .fatal: break
        }
    }

    mutating func spawn() -> [Effect] {
        state = .spawning
        return [.spawn]
    }

    mutating func settle(_ pid: ProcessID, at now: Instant) -> [Effect] {
        switch policy.readiness {
        case .settled where policy.start.settle <= .zero:
            return run(pid)
        case .settled:
            state = .starting(pid, since: now, until: now + policy.start.settle)
        case .reported, .probed:
            state = .starting(pid, since: now, until: now + policy.start.timeout)
        }
        return []
    }

    mutating func run(_ pid: ProcessID) -> [Effect] {
        state = .running(pid)
        // What runs to completion has done nothing yet by being up.
        if policy.kind == .service { failures = 0 }
        return []
    }

    /// Begins the stop of a process.
    mutating func halt(_ pid: ProcessID, _ reason: Reason, at now: Instant) -> [Effect] {
        guard policy.stop.hasCommand else { return terminate(pid, reason, at: now) }
        state = .preparing(pid, reason, until: now + policy.stop.timeout)
        return [.runStopCommand]
    }

    mutating func terminate(_ pid: ProcessID, _ reason: Reason, at now: Instant) -> [Effect] {
        state = .stopping(pid, reason, killAt: now + policy.stop.timeout)
        return [.signal(policy.stop.signal, policy.stop.scope)]
    }

    mutating func kill(_ pid: ProcessID, _ reason: Reason) -> [Effect] {
        state = .killing(pid, reason)
        return [.killTree]
    }

    mutating func clear(after ending: Ending) -> [Effect] {
        state = .clearing(ending)
        return [.killTree]
    }

    mutating func rest(in state: State) -> [Effect] {
        self.state = state
        return []
    }

    // MARK: - Judgements

    /// Whether an exit now ends a run that need not be ashamed.
    func isSteady(at now: Instant) -> Bool {
        guard policy.kind == .service else { return false }
        return switch state {
        case .running: true
        case .starting(_, _, let until): policy.readiness == .settled && now >= until
        case .stopped, .waiting, .spawning, .preparing, .stopping, .killing, .outlived, .clearing,
            .backoff, .exited, .fatal:
            false
        }
    }

    /// Decides what is next, now that the whole tree is gone.
    mutating func conclude(_ ending: Ending, at now: Instant, chance: Double) -> [Effect] {
        switch (goal, ending) {
        case (.leaving, _), (.down, _), (.gone, _):
            return rest(in: .stopped)
        case (.held, _), (.up, .stopped(.ordered)):
            goal = .up
            return rest(in: .waiting)
        case (.up, .stopped(.startTimeout)):
            guard policy.restart.when == .never else { return retry(at: now, chance: chance) }
            // It has never come up, so there is no end for the policy to leave it at.
            failures += 1
            return rest(in: .fatal)
        case (.up, .stopped(.unhealthy)):
            guard policy.restart.when != .never else { return rest(in: .exited) }
            return policy.kind == .service ? spawn() : retry(at: now, chance: chance)
        case (.up, .unasked(let status, let wasSteady)) where !policy.restarts(after: status):
            failures = policy.restart.isSuccess(status) ? 0 : failures + (wasSteady ? 0 : 1)
            return rest(in: .exited)
        case (.up, .unasked(_, wasSteady: true)):
            failures = 0
            return spawn()
        case (.up, .unasked(_, wasSteady: false)):
            return retry(at: now, chance: chance)
        }
    }

    private mutating func retry(at now: Instant, chance: Double) -> [Effect] {
        failures += 1
        guard !policy.restart.givesUp(after: failures) else { return rest(in: .fatal) }
        let delay = policy.restart.backoff.delay(afterFailures: failures, chance: chance)
        state = .backoff(until: now + delay)
        return []
    }
}
