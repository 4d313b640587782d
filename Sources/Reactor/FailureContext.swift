/// An error that nobody else catches: a callback or a task threw it, or a child was reaped by
/// somebody else.
public struct FailureContext: Sendable {
    /// What was done.
    public enum Source: String, Sendable {
        /// Of ``EventLoop/callSoon(_:file:line:)`` or ``EventLoop/post(_:file:line:)``.
        case call
        /// Of ``EventLoop/callAt(_:_:file:line:)`` and its like.
        case timer
        /// Of ``EventLoop/addReader(_:_:file:line:)``.
        case reader
        /// Of ``EventLoop/addWriter(_:_:file:line:)``.
        case writer
        /// Of ``EventLoop/addSignalHandler(_:_:file:line:)``.
        case signal
        /// Of ``EventLoop/spawn(name:_:file:line:)``, and nobody has asked for its result.
        case task
        /// The loop wanted to reap it.
        case child
    }

    /// What was thrown.
    public let error: any Error
    /// By what.
    public let source: Source
    /// Where the callback or the task was registered; `nil` for a child.
    public let place: Place?

    /// One line, for a log.
    public var message: String {
        let origin = place.map { " registered at \($0)" } ?? ""
        return "cannot finish \(source)\(origin): \(error)"
    }
}
