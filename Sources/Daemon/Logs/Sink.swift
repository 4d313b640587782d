internal import Supervision

/// Where what comes out of a stream goes.
struct Sink: Sendable {
    enum Target: Sendable {
        /// An absolute path.
        case file(String)
        /// Lines, each behind this name.
        case console(String)
    }

    let target: Target
    var policy: LogPolicy
}
