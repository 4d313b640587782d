/// The daemon's own settings; `nil` where the default depends on who runs it.
public struct DaemonConfiguration: Equatable, Sendable, Codable {
    public struct Socket: Equatable, Sendable, Codable {
        /// Absolute.
        public var path: String?
        /// Permission bits.
        public var mode: UInt32 = 0o660
        public var owner: String?
        public var group: String?

        public init() {}
    }

    /// As swift-log orders them.
    public enum LogLevel: String, CaseIterable, Sendable, Codable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// Whether the daemon ends with its programs.
    public enum ExitWhen: String, CaseIterable, Sendable, Codable {
        case never
        case allExited = "all-exited"
        case anyFatal = "any-fatal"
    }

    /// Whether each program gets a cgroup of its own.
    public enum Cgroups: String, CaseIterable, Sendable, Codable {
        /// Where keepd may make them.
        case auto
        case off
    }

    /// How fast programs are started.
    public struct Starts: Equatable, Sendable, Codable {
        /// At once, after a rest.
        public var burst = 100
        /// After the burst.
        public var perSecond = 2000

        public init() {}
    }

    public var socket = Socket()
    public var access: [AccessRule] = []
    /// Absolute.
    public var logDirectory: String?
    /// Absolute.
    public var stateDirectory: String?
    public var logLevel: LogLevel?
    public var shutdownTimeout: Duration = .seconds(90)
    public var exitWhen = ExitWhen.never
    public var starts = Starts()
    public var cgroups = Cgroups.auto

    public init() {}
}
