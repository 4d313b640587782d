import SystemTypes

/// What becomes of each state when something is reported; `nil` for what cannot happen.
extension ProcessMachine {
    mutating func spawned(_ pid: ProcessID, at now: Instant) -> [Effect]? {
        guard state == .spawning else { return nil }
        switch goal {
        case .up, .held, .leaving: return settle(pid, at: now)
        case .down: return halt(pid, .ordered, at: now)
        case .gone: return kill(pid, .ordered)
        }
    }

    mutating func spawnFailed(at now: Instant, chance: Double) -> [Effect]? {
        guard state == .spawning else { return nil }
        return conclude(.stopped(.startTimeout), at: now, chance: chance)
    }

    mutating func ready() -> [Effect]? {
        switch state {
        case .starting(let pid, _, _):
            return policy.readiness == .settled ? [] : run(pid)
        case .running, .preparing, .stopping, .killing:
            return []
        case .stopped, .waiting, .spawning, .outlived, .clearing, .backoff, .exited, .fatal:
            return nil
        }
    }

    mutating func unhealthy(at now: Instant) -> [Effect]? {
        guard case .running(let pid) = state else { return nil }
        return halt(pid, .unhealthy, at: now)
    }

    mutating func mainProcess(is pid: ProcessID) -> [Effect]? {
        switch state {
        case .starting(_, let since, let until):
            state = .starting(pid, since: since, until: until)
        case .running:
            state = .running(pid)
        case .preparing(_, let reason, let until):
            state = .preparing(pid, reason, until: until)
        case .stopping(_, let reason, let killAt):
            state = .stopping(pid, reason, killAt: killAt)
        case .killing(_, let reason):
            state = .killing(pid, reason)
        case .stopped, .waiting, .spawning, .outlived, .clearing, .backoff, .exited, .fatal:
            return nil
        }
        return []
    }

    /// Never shortens what is granted.
    mutating func extended(by time: Duration, at now: Instant) -> [Effect]? {
        switch state {
        case .starting(let pid, let since, let until) where policy.readiness != .settled:
            state = .starting(pid, since: since, until: max(until, now + time))
        case .stopping(let pid, let reason, let killAt):
            state = .stopping(pid, reason, killAt: max(killAt, now + time))
        case .preparing(let pid, let reason, let until):
            state = .preparing(pid, reason, until: max(until, now + time))
        case .starting, .running, .killing:
            break
        case .stopped, .waiting, .spawning, .outlived, .clearing, .backoff, .exited, .fatal:
            return nil
        }
        return []
    }

    mutating func stopCommandEnded(at now: Instant) -> [Effect]? {
        guard case .preparing(let pid, let reason, _) = state else { return nil }
        return terminate(pid, reason, at: now)
    }

    mutating func exited(
        _ status: ExitStatus?,
        survivors: Int,
        at now: Instant,
        chance: Double
    ) -> [Effect]? {
        switch state {
        case .starting, .running:
            let ending = Ending.unasked(status, wasSteady: isSteady(at: now))
            guard survivors == 0 else { return clear(after: ending) }
            return conclude(ending, at: now, chance: chance)
        case .preparing(_, let reason, _):
            guard survivors > 0 else {
                return [.endStopCommand] + conclude(.stopped(reason), at: now, chance: chance)
            }
            state = .outlived(reason, killAt: now + policy.stop.timeout)
            return [.endStopCommand, .signalSurvivors(policy.stop.signal)]
        case .stopping(_, let reason, let killAt):
            guard survivors > 0 else {
                return conclude(.stopped(reason), at: now, chance: chance)
            }
            state = .outlived(reason, killAt: killAt)
            return [.signalSurvivors(policy.stop.signal)]
        case .killing(_, let reason):
            guard survivors == 0 else { return clear(after: .stopped(reason)) }
            return conclude(.stopped(reason), at: now, chance: chance)
        case .stopped, .waiting, .spawning, .outlived, .clearing, .backoff, .exited, .fatal:
            return nil
        }
    }

    mutating func treeGone(at now: Instant, chance: Double) -> [Effect]? {
        switch state {
        case .outlived(let reason, _):
            conclude(.stopped(reason), at: now, chance: chance)
        case .clearing(let ending):
            conclude(ending, at: now, chance: chance)
        case .stopped, .waiting, .spawning, .starting, .running, .preparing, .stopping, .killing,
            .backoff, .exited, .fatal:
            nil
        }
    }

    mutating func expire(at now: Instant) -> [Effect]? {
        guard let deadline else { return nil }
        precondition(now >= deadline)
        switch state {
        case .starting(let pid, _, _):
            return policy.readiness == .settled ? run(pid) : halt(pid, .startTimeout, at: now)
        case .preparing(let pid, let reason, _):
            return [.endStopCommand] + terminate(pid, reason, at: now)
        case .stopping(let pid, let reason, _):
            return kill(pid, reason)
        case .outlived(let reason, _):
            return clear(after: .stopped(reason))
        case .backoff:
            return spawn()
        case .stopped, .waiting, .spawning, .running, .killing, .clearing, .exited, .fatal:
            return nil
        }
    }
}
