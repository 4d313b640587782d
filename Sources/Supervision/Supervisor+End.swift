import OrderedCollections
import SystemTypes

/// How the daemon ends: by order, or with its programs.
extension Supervisor {
    /// Lets everything go, what others need last.
    mutating func shutDown(by requester: Requester) {
        guard stage == .serving else { return }
        stage = .stopping(killAt: now + shutdownTimeout)
        for id in instances.keys.reversed() {
            noteStop(of: id, .stopped(by: requester))
            apply(.leave, to: id)
        }
    }

    mutating func killAll() {
        guard stage != .finished else { return }
        stage = .killing
        for id in instances.keys.reversed() {
            noteStop(of: id, .stopped(by: .keepd))
            apply(.kill, to: id)
        }
    }

    /// Remembers the first program that fails for good, whose status is then that of the daemon.
    mutating func noteFailure(of instance: Instance) {
        guard firstFailure == nil, instance.machine.state == .fatal || instance.hasFailedExit
        else { return }
        firstFailure =
            switch instance.lastEnd?.status {
            case .exited(let code)? where code != 0: code
            case .signaled(let signal, _)?: 128 + signal.rawValue
            case .exited?, nil: 1
            }
        if exitWhen == .anyFatal, instance.machine.state == .fatal { mustEnd = true }
    }

    /// Ends the daemon if its programs have.
    mutating func endWithPrograms() {
        guard stage == .serving, hasBegun else { return }
        if exitWhen == .allExited {
            mustEnd =
                busy == 0 && nextScheduled == nil
                && !instances.values.contains { $0.machine.phase == .backoff }
        }
        guard mustEnd else { return }
        exitStatus = firstFailure ?? 0
        shutDown(by: .keepd)
        arrange()
    }
}

extension Instance {
    /// It has ended as it should not, and the policy leaves it at that.
    fileprivate var hasFailedExit: Bool { machine.state == .exited && !hasCompleted }
}
