public import SystemTypes

/// The deadline of a piece of work that is under way, for the work itself to move; for any thread.
public struct MovableDeadline: Sendable {
    private let sleeper: Sleeper

    init(_ sleeper: Sleeper) {
        self.sleeper = sleeper
    }

    /// When the work is cancelled; in the past, that is at once.
    ///
    /// To set it after that has no effect.
    public var deadline: Instant {
        get { sleeper.deadline }
        nonmutating set { sleeper.deadline = newValue }
    }
}
