/// An error that a callback threw, for there is nobody else to catch it.
public struct FailureContext {
    /// What kind of callback it was.
    public enum Source: String, Sendable {
        case call
        case timer
        case reader
        case writer
        case signal
    }

    public let error: any Error
    public let source: Source
    /// Where the callback was registered.
    public let place: Place

    /// One line, for a log.
    public var message: String {
        "cannot finish \(source) registered at \(place): \(error)"
    }
}
