import SystemTypes

/// What others need of an instance.
extension Instance {
    /// Its last run ended of its own accord, as it should.
    var hasCompleted: Bool {
        guard machine.state == .exited || machine.state == .stopped,
            case .exit = lastEnd?.cause, let status = lastEnd?.status
        else { return false }
        return machine.policy.restart.isSuccess(status)
    }

    func meets(_ condition: Dependency.Condition) -> Bool {
        // What runs to completion has been up if it is completed.
        if machine.policy.kind != .service, hasCompleted { return true }
        switch condition {
        case .started: return machine.process != nil && machine.phase != .stopping
        case .ready: return isReady
        case .healthy: return isHealthy
        case .completed: return machine.state == .exited && hasCompleted
        }
    }

    /// It is not what others need, and nothing but an order will make it run again.
    var hasFailedForGood: Bool {
        switch machine.state {
        case .fatal: true
        case .exited:
            switch machine.policy.kind {
            case .service: true
            case .oneshot: !hasCompleted
            case .scheduled: false
            }
        case .stopped, .waiting, .spawning, .starting, .running, .preparing, .stopping, .killing,
            .outlived, .clearing, .backoff:
            false
        }
    }
}
