internal import SystemTypes

/// How much of the end of a log is wanted.
enum LogAmount: Sendable {
    case lines(Int)
    case bytes(Int)
    /// Lines from that time on.
    case since(WallTime)
}
