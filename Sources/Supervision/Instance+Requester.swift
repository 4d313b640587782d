extension Instance {
    /// Who has asked for what it does, or for its rest; `nil` where nobody has but keepd itself.
    public var requester: Requester? {
        let found: Requester? =
            switch machine.phase {
            case .waiting: starter
            case .starting, .running: history.records.last?.startedBy
            case .stopping, .stopped:
                if case .stopped(let requester) = stopCause { requester } else { nil }
            case .backoff, .exited, .fatal: nil
            }
        return found == .keepd ? nil : found
    }
}
