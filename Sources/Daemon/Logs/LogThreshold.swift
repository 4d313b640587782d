internal import Logging
internal import Synchronization

/// The least level that is logged: one for all the loggers of the daemon, and changed for all.
final class LogThreshold: Sendable {
    private let current: Mutex<Logger.Level>

    init(_ level: Logger.Level) {
        current = Mutex(level)
    }

    var level: Logger.Level {
        get { current.withLock(\.self) }
        set { current.withLock { $0 = newValue } }
    }
}
