internal import Logging
internal import Supervision
internal import Systemd

extension JournalEntry {
    /// A line of the daemon itself.
    ///
    /// - Parameter id: What it is about, if that is one instance; it is found with its program's
    ///   own lines then.
    init(_ level: Logger.Level, _ message: String, about id: InstanceID?) {
        self.init()
        add("MESSAGE", message.utf8)
        add("PRIORITY", "\(level.priority)".utf8)
        add("SYSLOG_IDENTIFIER", "keepd".utf8)
        guard let id else { return }
        add("KEEPD_PROGRAM", id.program.utf8)
        add("KEEPD_INSTANCE", "\(id.number)".utf8)
    }
}

extension Logger.Level {
    /// As syslog(3) counts.
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
