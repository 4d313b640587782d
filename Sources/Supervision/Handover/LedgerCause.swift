import SystemTypes

/// What of a cause fits into two words.
struct LedgerCause: Equatable {
    /// As it can be told again: the words that people read are missing.
    let cause: Cause

    init(_ cause: Cause) {
        switch cause {
        case .exit, .signal, .startTimeout, .watchdog, .unknown, .stopped(by: .keepd):
            self.cause = cause
        case .outOfMemory(let limit, _): self.cause = .outOfMemory(limit: limit, peak: limit)
        case .probe(let role, _): self.cause = .probe(role, message: LedgerCause.forgotten)
        case .spawnFailed(let failure):
            self.cause = LedgerCause.spawnFailed(failure.errno)
        case .stopped(by: .peer(_, let uid, let process, _)):
            self.cause = LedgerCause.stopped(uid, process)
        case .dependency: self.cause = .dependency(LedgerCause.forgotten)
        }
    }

    private static let forgotten = "forgotten when keepd was restarted"

    private static func spawnFailed(_ errno: Int32) -> Cause {
        .spawnFailed(SpawnFailure(step: "spawn", errno: errno, message: forgotten))
    }

    private static func stopped(_ uid: UInt32, _ process: ProcessID?) -> Cause {
        .stopped(by: .peer(user: "uid \(uid)", uid: uid, process: process, command: "?"))
    }

    // MARK: - As words

    /// `nil` for words that are no cause.
    init?(_ first: UInt64, _ second: UInt64) {
        let number = Int32(truncatingIfNeeded: first >> 8)
        let isTrue = first >> 40 & 1 == 1
        switch first & 0xFF {
        case 0: cause = .unknown
        case 1: cause = .exit(code: number)
        case 2:
            guard let signal = Signal(rawValue: number) else { return nil }
            cause = .signal(signal, coreDumped: isTrue)
        case 3: cause = .outOfMemory(limit: second, peak: second)
        case 4: cause = .startTimeout
        case 5: cause = .probe(isTrue ? .ready : .health, message: LedgerCause.forgotten)
        case 6: cause = .watchdog
        case 7: cause = LedgerCause.spawnFailed(number)
        case 8: cause = .stopped(by: .keepd)
        case 9:
            let uid = UInt32(truncatingIfNeeded: second)
            cause = LedgerCause.stopped(uid, number > 0 ? ProcessID(rawValue: number) : nil)
        case 10: cause = .dependency(LedgerCause.forgotten)
        default: return nil
        }
    }

    var words: (UInt64, UInt64) {
        func word(_ tag: UInt64, _ number: Int32 = 0, _ isTrue: Bool = false) -> UInt64 {
            tag | UInt64(UInt32(bitPattern: number)) << 8 | (isTrue ? 1 << 40 : 0)
        }
        switch cause {
        case .unknown: return (word(0), 0)
        case .exit(let code): return (word(1, code), 0)
        case .signal(let signal, let coreDumped): return (word(2, signal.rawValue, coreDumped), 0)
        case .outOfMemory(let limit, _): return (word(3), limit)
        case .startTimeout: return (word(4), 0)
        case .probe(let role, _): return (word(5, 0, role == .ready), 0)
        case .watchdog: return (word(6), 0)
        case .spawnFailed(let failure): return (word(7, failure.errno), 0)
        case .stopped(by: .keepd): return (word(8), 0)
        case .stopped(by: .peer(_, let uid, let process, _)):
            return (word(9, process?.rawValue ?? 0), UInt64(uid))
        case .dependency: return (word(10), 0)
        }
    }
}

/// What of the end of a run fits into four words.
struct LedgerEnd: Equatable {
    let at: Instant
    let cause: LedgerCause
    let status: ExitStatus?

    init(_ end: RunRecord.End) {
        at = end.at
        cause = LedgerCause(end.cause)
        status = end.status
    }

    init?(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        guard let at = Instant(word: first), let cause = LedgerCause(second, third),
            let status = ExitStatus.read(word: fourth)
        else { return nil }
        self.at = at
        self.cause = cause
        self.status = status
    }

    var words: (UInt64, UInt64, UInt64, UInt64) {
        let (first, second) = cause.words
        return (Instant.word(at), first, second, ExitStatus.word(status))
    }

    var end: RunRecord.End { RunRecord.End(at: at, cause: cause.cause, status: status) }
}
