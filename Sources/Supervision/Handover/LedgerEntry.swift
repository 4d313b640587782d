public import SystemTypes

/// What of an instance is written down at each change, for the daemon that comes after a crash.
///
/// All of it has a fixed size, so that it can be written without a system call. What has none, such
/// as who asked for a stop or what a probe has said, is not in it.
public struct LedgerEntry: Equatable, Sendable {
    public let instance: InstanceID
    let serial: Int
    let state: ProcessMachine.State
    let goal: ProcessMachine.Goal
    let failures: Int
    let restarts: Int
    let changedAt: Instant
    /// When the process that lives now was started.
    public let startedAt: Instant?
    /// Held back by the pace; then whether the policy wants it.
    let queued: Instance.QueuedSpawn?
    let isRetiring: Bool
    let verdict: Bool?
    let lastEnd: LedgerEnd?
    let stopCause: LedgerCause
    /// The main process of the present run, or of the last one.
    public let lastProcess: ProcessID?

    public init(_ instance: Instance) {
        self.instance = instance.id
        serial = instance.incarnation.serial
        state = instance.machine.state
        goal = instance.machine.goal
        failures = instance.machine.failures
        restarts = instance.restarts
        changedAt = instance.changedAt
        startedAt = instance.startedAt
        queued = instance.queued
        isRetiring = instance.isRetiring
        verdict = instance.verdict
        lastEnd = instance.lastEnd.map(LedgerEnd.init)
        stopCause = LedgerCause(instance.stopCause)
        lastProcess = instance.machine.process ?? instance.history.records.last?.process
    }

    /// The main process, while it lives.
    public var process: ProcessID? {
        switch state {
        case .starting(let pid, _, _), .running(let pid), .preparing(let pid, _, _),
            .stopping(let pid, _, _), .killing(let pid, _):
            pid
        case .stopped, .waiting, .spawning, .outlived, .clearing, .backoff, .exited, .fatal: nil
        }
    }
}

// MARK: - As words

extension LedgerEntry {
    private enum Flag {
        static let queued: UInt64 = 1
        static let restarting: UInt64 = 2
        static let retiring: UInt64 = 4
        static let judged: UInt64 = 8
        static let well: UInt64 = 16
        static let ended: UInt64 = 32
    }

    private static let nameWords = 2..<10

    /// `nil` for what is no entry.
    public init?(_ words: LedgerRecord.Words) {
        let flags = words[1] >> 32
        guard let program = LedgerEntry.name(in: words),
            let goal = Goal(word: words[0] >> 32 & 0xFF)
        else { return nil }
        var state = LedgerState(tag: words[0] >> 8 & 0xFF)
        state.reason = words[0] >> 16 & 0xFF
        (state.process, state.since) = (words[11], words[12])
        (state.until, state.status) = (words[13], words[14])
        guard let state = state.state, let changedAt = Instant(word: words[17]),
            let stopCause = LedgerCause(words[20], words[21])
        else { return nil }
        instance = InstanceID(program: program, number: Int(words[1] & 0xFFFF_FFFF))
        serial = Int(truncatingIfNeeded: words[10])
        self.state = state
        self.goal = goal
        failures = Int(truncatingIfNeeded: words[15])
        restarts = Int(truncatingIfNeeded: words[16])
        self.changedAt = changedAt
        startedAt = Instant(word: words[18])
        queued =
            flags & Flag.queued == 0
            ? nil : Instance.QueuedSpawn(isRestart: flags & Flag.restarting != 0)
        isRetiring = flags & Flag.retiring != 0
        verdict = flags & Flag.judged == 0 ? nil : flags & Flag.well != 0
        self.stopCause = stopCause
        lastProcess = Int32(exactly: words[19]).flatMap { $0 > 0 ? ProcessID(rawValue: $0) : nil }
        if flags & Flag.ended == 0 {
            lastEnd = nil
        } else {
            guard let end = LedgerEnd(words[22], words[23], words[24], words[25]) else {
                return nil
            }
            lastEnd = end
        }
    }

    public var words: LedgerRecord.Words {
        let state = LedgerState(state)
        var words = LedgerRecord.Words(repeating: 0)
        words[0] =
            UInt64(instance.program.utf8.count) | state.tag << 8 | state.reason << 16
            | goal.word << 32
        words[1] = UInt64(UInt32(truncatingIfNeeded: instance.number)) | flags << 32
        for (index, byte) in instance.program.utf8.prefix(64).enumerated() {
            words[LedgerEntry.nameWords.lowerBound + index / 8] |= UInt64(byte) << (index % 8 * 8)
        }
        words[10] = UInt64(serial)
        (words[11], words[12]) = (state.process, state.since)
        (words[13], words[14]) = (state.until, state.status)
        (words[15], words[16]) = (UInt64(failures), UInt64(restarts))
        (words[17], words[18]) = (Instant.word(changedAt), Instant.word(startedAt))
        words[19] = UInt64(lastProcess?.rawValue ?? 0)
        (words[20], words[21]) = stopCause.words
        if let lastEnd { (words[22], words[23], words[24], words[25]) = lastEnd.words }
        return words
    }

    private var flags: UInt64 {
        var flags: UInt64 = 0
        if let queued {
            flags |= Flag.queued
            if queued.isRestart { flags |= Flag.restarting }
        }
        if isRetiring { flags |= Flag.retiring }
        if let verdict { flags |= Flag.judged | (verdict ? Flag.well : 0) }
        if lastEnd != nil { flags |= Flag.ended }
        return flags
    }

    private typealias Goal = ProcessMachine.Goal

    private static func name(in words: LedgerRecord.Words) -> String? {
        let count = Int(words[0] & 0xFF)
        guard (1...64).contains(count) else { return nil }
        let bytes = (0..<count).map { index in
            UInt8(truncatingIfNeeded: words[nameWords.lowerBound + index / 8] >> (index % 8 * 8))
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
