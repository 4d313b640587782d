/// The state of a program, as it is on the wire.
public enum State: String, CaseIterable, Codable, Sendable {
    case stopped, waiting, starting, running, backoff, stopping
    /// Ended, and its policy says to leave it.
    case exited
    /// keepd gave up.
    case fatal
}
