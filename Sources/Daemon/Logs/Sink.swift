internal import Supervision

/// Where what comes out of a stream goes.
struct Sink: Sendable {
    enum Target: Sendable {
        /// An absolute path.
        case file(String)
        /// Lines, each behind this name.
        case console(String)
        /// The journal, and nothing else.
        case journal
    }

    let target: Target
    let policy: LogPolicy
    /// How its lines are known in the journal; `nil` where they do not go there.
    let journal: JournalName?
}
