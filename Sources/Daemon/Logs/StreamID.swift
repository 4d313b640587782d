internal import Supervision
internal import Synchronization

/// One of the two outputs of an instance.
struct StreamID: Hashable, Sendable {
    enum Channel: String, Sendable {
        case stdout, stderr
    }

    let instance: InstanceID
    let channel: Channel
}

/// Where what comes out of a stream goes.
enum Sink: Sendable {
    /// An absolute path.
    case file(String)
    /// Lines, each behind this name.
    case console(String)
}

/// How much has come out of a stream; written by the log loop, read by the other one.
final class StreamCounters: Sendable {
    let bytes = Atomic(0)
}
