public import SystemTypes

/// A change of phase, told to whoever shows or waits for it.
public struct Change: Equatable, Sendable {
    public let instance: InstanceID
    public let name: String
    public let from: Phase
    public let to: Phase
    public let process: ProcessID?
    /// Why the run ended, where the change follows from an end.
    public let cause: Cause?
    /// Until the next attempt, for ``Phase/backoff``.
    public let delay: Duration?
    public let at: Instant
}

extension Change: CustomStringConvertible {
    /// As the log has it: `started, pid 4242`.
    public var description: String {
        let reason = cause.map { ": \($0)" } ?? ""
        switch to {
        case .starting:
            if let process { return "started, pid \(process)" }
            return cause == nil ? "starting" : "ended\(reason); starting again"
        case .backoff:
            let milliseconds = (delay?.nanoseconds ?? 0) / 1_000_000
            return "failed\(reason); next attempt in \(milliseconds) ms"
        case .fatal: return "given up\(reason)"
        case .exited: return "exited\(reason)"
        case .stopped: return "stopped"
        case .running, .stopping, .waiting: return to.rawValue
        }
    }
}
