import SystemTypes

/// A state of a machine as five words.
struct LedgerState: Equatable {
    var tag: UInt64
    var process: UInt64 = 0
    /// Of a reason: itself; of an ending: 3 for an unasked one, 4 for one after a steady run.
    var reason: UInt64 = 0
    var since = Instant.word(nil)
    var until = Instant.word(nil)
    var status = ExitStatus.word(nil)

    init(tag: UInt64) {
        self.tag = tag
    }

    init(_ state: ProcessMachine.State) {
        switch state {
        case .stopped: self.init(tag: 0)
        case .waiting: self.init(tag: 1)
        case .spawning: self.init(tag: 2)
        case .starting(let pid, let since, let until):
            self.init(3, pid, until: until)
            self.since = Instant.word(since)
        case .running(let pid): self.init(4, pid)
        case .preparing(let pid, let reason, let until): self.init(5, pid, reason, until: until)
        case .stopping(let pid, let reason, let killAt): self.init(6, pid, reason, until: killAt)
        case .killing(let pid, let reason): self.init(7, pid, reason)
        case .outlived(let reason, let killAt): self.init(8, nil, reason, until: killAt)
        case .clearing(.stopped(let reason)): self.init(9, nil, reason)
        case .clearing(.unasked(let status, let wasSteady)):
            self.init(tag: 9)
            reason = wasSteady ? 4 : 3
            self.status = ExitStatus.word(status)
        case .backoff(let until): self.init(10, until: until)
        case .exited: self.init(tag: 11)
        case .fatal: self.init(tag: 12)
        }
    }

    private init(
        _ tag: UInt64,
        _ process: ProcessID? = nil,
        _ reason: ProcessMachine.Reason? = nil,
        until: Instant? = nil
    ) {
        self.tag = tag
        self.process = process.map { UInt64($0.rawValue) } ?? 0
        self.reason = reason?.word ?? 0
        self.until = Instant.word(until)
    }

    /// `nil` for words that are no state.
    var state: ProcessMachine.State? {
        switch tag {
        case 0: .stopped
        case 1: .waiting
        case 2: .spawning
        case 3, 4, 5, 6, 7: living
        case 8: reading { .outlived($0, killAt: $1) }
        case 9: ending.map { .clearing($0) }
        case 10: Instant(word: until).map { .backoff(until: $0) }
        case 11: .exited
        case 12: .fatal
        default: nil
        }
    }

    private var living: ProcessMachine.State? {
        guard let number = Int32(exactly: process), number > 0 else { return nil }
        let pid = ProcessID(rawValue: number)
        switch tag {
        case 3:
            guard let since = Instant(word: since), let until = Instant(word: until) else {
                return nil
            }
            return .starting(pid, since: since, until: until)
        case 5: return reading { .preparing(pid, $0, until: $1) }
        case 6: return reading { .stopping(pid, $0, killAt: $1) }
        case 7: return ProcessMachine.Reason(word: reason).map { .killing(pid, $0) }
        default: return .running(pid)
        }
    }

    private func reading(
        _ make: (ProcessMachine.Reason, Instant) -> ProcessMachine.State
    ) -> ProcessMachine.State? {
        guard let reason = ProcessMachine.Reason(word: reason), let until = Instant(word: until)
        else { return nil }
        return make(reason, until)
    }

    private var ending: ProcessMachine.Ending? {
        if let reason = ProcessMachine.Reason(word: reason) { return .stopped(reason) }
        guard let status = ExitStatus.read(word: status), reason <= 4 else { return nil }
        return .unasked(status, wasSteady: reason == 4)
    }
}
