public import SystemTypes

extension SupervisorState {
    /// Brings what was written down at some time up to what is written in the ledger.
    ///
    /// What the ledger has not got stays as it was then, and what was begun since and not finished,
    /// such as a rolling restart, is given up.
    public mutating func catchUp(with entries: [LedgerEntry], at now: Instant) {
        let entries = Dictionary(entries.map { ($0.instance, $0) }) { first, _ in first }
        for index in instances.indices {
            guard let entry = entries[instances[index].id] else { continue }
            instances[index].catchUp(with: entry, at: now)
        }
        hasBegun = true
        rolling = []
        queue = instances.filter { $0.queued != nil }.map(\.id)
        retiring = instances.filter(\.isRetiring).map(\.id)
    }
}

extension Instance {
    fileprivate mutating func catchUp(with entry: LedgerEntry, at now: Instant) {
        machine.catchUp(with: entry)
        if entry.serial != incarnation.serial {
            let began = entry.startedAt ?? entry.changedAt
            incarnation = Incarnation(instance: id, serial: entry.serial)
            history.append(RunRecord(startedAt: began, by: .keepd))
            (statusText, outOfMemory, limitsRefusal) = (nil, nil, nil)
        }
        history.updateLast {
            $0.process = entry.lastProcess ?? $0.process
            if entry.process != nil { $0.takenOverAt = now }
        }
        restarts = entry.restarts
        (changedAt, startedAt) = (entry.changedAt, entry.startedAt)
        (queued, isRetiring) = (entry.queued, entry.isRetiring)
        // Asked anew, as soon as somebody can ask.
        (verdict, checks) = (entry.verdict, Checks())
        if LedgerCause(stopCause) != entry.stopCause { stopCause = entry.stopCause.cause }
        guard let end = entry.lastEnd, lastEnd.map(LedgerEnd.init) != end else { return }
        lastEnd = end.end
        history.updateLast { [machine] in
            if $0.end == nil, machine.process == nil { $0.end = end.end }
        }
    }
}

extension ProcessMachine {
    fileprivate mutating func catchUp(with entry: LedgerEntry) {
        (state, goal, failures) = (entry.state, entry.goal, entry.failures)
    }
}
