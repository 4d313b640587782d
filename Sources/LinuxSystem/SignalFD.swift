internal import CLinux
internal import Glibc
public import SystemPackage
public import SystemTypes

/// Signals, read from a descriptor instead of interrupting somebody.
///
/// The signals must be blocked in every thread; see ``SignalMask``.
///
/// Source: signalfd(2).
public struct SignalFD: ~Copyable {
    private let fd: OwnedFD

    public init(_ signals: Set<Signal>) throws(Errno) {
        let word = SignalMask(signals).word
        fd = OwnedFD(adopting: try syscall { clinux_signalfd(-1, word) })
    }

    public var raw: CInt { fd.raw }

    public func setSignals(_ signals: Set<Signal>) throws(Errno) {
        let (raw, word) = (fd.raw, SignalMask(signals).word)
        try syscall { clinux_signalfd(raw, word) }
    }

    /// Takes one signal that has arrived; `nil` if there is none.
    public func next() throws(Errno) -> Signal? {
        var record = signalfd_siginfo()
        let count = try withUnsafeMutableBytes(of: &record) { buffer throws(Errno) in
            try fd.read(into: buffer)
        }
        guard count == MemoryLayout<signalfd_siginfo>.size else { return nil }
        return Signal(rawValue: CInt(record.ssi_signo))
    }
}

/// The signals that a thread does not take.
public struct SignalMask: Sendable {
    /// Bit n-1 stands for signal n.
    let word: UInt64

    init(word: UInt64) {
        self.word = word
    }

    public init(_ signals: Set<Signal>) {
        word = signals.reduce(0) { $0 | 1 << UInt64($1.rawValue - 1) }
    }

    /// All, but for KILL and STOP, which cannot be blocked.
    public static let all = SignalMask(word: ~0)

    /// Replaces the mask of the calling thread; threads that it starts inherit it.
    ///
    /// - Returns: What it was before.
    @discardableResult
    public func apply() -> SignalMask {
        var before: UInt64 = 0
        clinux_set_signal_mask(word, &before)
        return SignalMask(word: before)
    }

    /// Adds to the mask of the calling thread.
    ///
    /// - Returns: What it has added.
    @discardableResult
    public static func block(_ signals: Set<Signal>) -> SignalMask {
        let before = SignalMask.all.apply()
        let mask = SignalMask(signals)
        SignalMask(word: before.word | mask.word).apply()
        return SignalMask(word: mask.word & ~before.word)
    }

    /// Takes these out of the mask of the calling thread; one that waits is delivered at once.
    public func unblock() {
        let before = SignalMask.all.apply()
        SignalMask(word: before.word & ~word).apply()
    }

    /// Gives every signal its default disposition: what was ignored by the parent is not any more.
    public static func resetDispositions() {
        clinux_default_signals()
    }
}
