/// What may go wrong with a stream, besides what the kernel says.
public enum StreamError: Error, Equatable, Sendable {
    /// There was more than the caller was ready to take.
    case tooLong(limit: Int)
    /// The end came before as much as was asked for.
    case incomplete(expected: Int, got: Int)
}
