import SystemTypes

/// What becomes of each state when something is wanted; `nil` for what cannot happen.
///
/// Where nothing is done the goal has changed, and the next report is judged by it.
extension ProcessMachine {
    mutating func start() -> [Effect] {
        switch state {
        case .stopped, .exited, .fatal, .backoff:
            rest(in: .waiting)
        case .waiting, .spawning, .starting, .running, .preparing, .stopping, .killing, .outlived,
            .clearing:
            []
        }
    }

    mutating func stop(at now: Instant) -> [Effect] {
        switch state {
        case .starting(let pid, _, _), .running(let pid):
            halt(pid, .ordered, at: now)
        case .stopped, .waiting, .exited, .fatal, .backoff:
            rest(in: .stopped)
        case .spawning, .preparing, .stopping, .killing, .outlived, .clearing:
            []
        }
    }

    mutating func kill() -> [Effect] {
        switch state {
        case .starting(let pid, _, _), .running(let pid):
            kill(pid, .ordered)
        case .preparing(let pid, let reason, _):
            [.endStopCommand] + kill(pid, reason)
        case .stopping(let pid, let reason, _):
            kill(pid, reason)
        case .outlived(let reason, _):
            clear(after: .stopped(reason))
        case .stopped, .waiting, .exited, .fatal, .backoff:
            rest(in: .stopped)
        case .spawning, .killing, .clearing:
            []
        }
    }

    mutating func leave() -> [Effect] {
        switch state {
        case .stopped, .waiting, .exited, .fatal, .backoff:
            rest(in: .stopped)
        case .spawning, .starting, .running, .preparing, .stopping, .killing, .outlived,
            .clearing:
            []
        }
    }

    mutating func hold() -> [Effect]? {
        switch state {
        case .backoff:
            rest(in: .waiting)
        case .spawning, .starting, .running, .preparing, .stopping, .killing, .outlived,
            .clearing:
            []
        case .stopped, .waiting, .exited, .fatal:
            nil
        }
    }

    func release() -> [Effect]? {
        isAtRest ? nil : []
    }

    mutating func makeWay(at now: Instant) -> [Effect]? {
        switch state {
        case .starting(let pid, _, _), .running(let pid):
            halt(pid, .ordered, at: now)
        case .stopped, .waiting, .spawning, .preparing, .stopping, .killing, .outlived, .clearing,
            .backoff, .exited, .fatal:
            nil
        }
    }

    mutating func free() -> [Effect]? {
        guard state == .waiting else { return nil }
        return spawn()
    }

    mutating func dependencyFailed() -> [Effect]? {
        guard state == .waiting else { return nil }
        return rest(in: .fatal)
    }

    mutating func withdrawn(at now: Instant) -> [Effect]? {
        guard state == .spawning else { return nil }
        return conclude(.stopped(.ordered), at: now, chance: 0)
    }
}
