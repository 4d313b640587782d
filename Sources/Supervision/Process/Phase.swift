/// The state of a program as users see it.
///
/// Source: docs/contract, "States".
public enum Phase: String, CaseIterable, Sendable, Codable {
    case stopped, waiting, starting, running, backoff, stopping
    /// Ended, and its policy says to leave it.
    case exited
    /// keepd gave up.
    case fatal
}
