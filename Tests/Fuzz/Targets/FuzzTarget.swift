/// A parser of bytes that may come from anybody, and what it promises whatever they are.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// Calls on the control socket.
    case calls
    /// Lines that programs print.
    case lines
    /// Log files that are full.
    case rotation
    /// The configuration.
    case configuration

    /// Traps where a promise is broken.
    public func run(_ bytes: [UInt8]) {
        switch self {
        case .calls: checkCalls(bytes)
        case .lines: checkLines(bytes)
        case .rotation: checkRotation(bytes)
        case .configuration: checkConfiguration(bytes)
        }
    }
}
