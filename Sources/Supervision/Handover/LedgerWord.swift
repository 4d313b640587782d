import SystemTypes

// How the parts of an instance fit into single words.

extension Instant {
    /// No clock has ever shown it.
    private static let none = Int64.min

    init?(word: UInt64) {
        guard Int64(bitPattern: word) != Instant.none else { return nil }
        self.init(nanoseconds: Int64(bitPattern: word))
    }

    static func word(_ instant: Instant?) -> UInt64 {
        UInt64(bitPattern: instant?.nanoseconds ?? none)
    }
}

extension ExitStatus {
    /// - Returns: `.none` for a word that says there is none; `nil` for one that says nothing.
    static func read(word: UInt64) -> ExitStatus?? {
        let value = Int32(truncatingIfNeeded: word >> 8)
        switch word & 0xFF {
        case 0: return .some(nil)
        case 1: return .exited(value)
        case 2, 3: return Signal(rawValue: value).map { .signaled($0, coreDumped: word & 1 == 1) }
        default: return nil
        }
    }

    static func word(_ status: ExitStatus?) -> UInt64 {
        switch status {
        case nil: 0
        case .exited(let code)?: 1 | UInt64(UInt32(bitPattern: code)) << 8
        case .signaled(let signal, let coreDumped)?:
            (coreDumped ? 3 : 2) | UInt64(UInt32(bitPattern: signal.rawValue)) << 8
        }
    }
}

extension ProcessMachine.Reason {
    private static let all: [Self] = [.ordered, .startTimeout, .unhealthy]

    init?(word: UInt64) {
        guard word < Self.all.count else { return nil }
        self = Self.all[Int(word)]
    }

    var word: UInt64 {
        switch self {
        case .ordered: 0
        case .startTimeout: 1
        case .unhealthy: 2
        }
    }
}

extension ProcessMachine.Goal {
    private static let all: [Self] = [.up, .held, .leaving, .down, .gone]

    init?(word: UInt64) {
        guard word < Self.all.count else { return nil }
        self = Self.all[Int(word)]
    }

    var word: UInt64 {
        switch self {
        case .up: 0
        case .held: 1
        case .leaving: 2
        case .down: 3
        case .gone: 4
        }
    }
}
