/// How a process ended, as the kernel reports it.
///
/// Source: waitid(2), `si_code` and `si_status`.
public enum ExitStatus: Hashable, Sendable, Codable {
    /// By `exit(2)`; 0...255.
    case exited(Int32)
    case signaled(Signal, coreDumped: Bool)
}

extension ExitStatus: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal, coreDumped: false): "signal \(signal)"
        case .signaled(let signal, coreDumped: true): "signal \(signal), core dumped"
        }
    }
}
