internal import Supervision

/// What a stream has in mind, and what is neither in its pipe nor where its log is.
struct StreamMemory: Codable, Sendable {
    /// What a reader gets where the output keeps nothing.
    var ring = Blob()
    /// `nil` where lines come without a stamp.
    var stamper: LineStamper?
    /// The beginning of a line, as far as whoever waits for one has seen it.
    var watched = Blob()
    /// Read, and not yet taken by the output.
    var backlog = Blob()
    var output = OutputMemory()
}

/// What an output has in mind.
struct OutputMemory: Codable, Sendable {
    /// The beginning of a line that goes on as a whole or not at all.
    var unfinished = Blob()
    /// Of what may be dropped.
    var gate = DropGate()
    /// Of those behind it, in their order.
    var inner: [OutputMemory] = []
}

extension StreamMemory: Templated {
    static let template = StreamMemory()
}

extension OutputMemory: Templated {
    static let template = OutputMemory()
}

/// A stream that stands still.
struct FrozenStream: Sendable {
    /// The reading end of its pipe: lent, until it goes on.
    let reading: CInt
    let memory: StreamMemory
}
