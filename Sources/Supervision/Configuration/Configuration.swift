/// What the operator declared, read, checked and complete: no key is left to interpret.
public struct Configuration: Equatable, Sendable {
    public var daemon: DaemonConfiguration
    /// In the order of the files, which is the order of starting.
    public var programs: [ProgramConfiguration]
    /// Names of programs by the name of their group, in the order of the files.
    public var groups: [Group]

    public struct Group: Equatable, Sendable {
        public let name: String
        public let programs: [String]

        public init(name: String, programs: [String]) {
            self.name = name
            self.programs = programs
        }
    }

    public init(
        daemon: DaemonConfiguration = DaemonConfiguration(),
        programs: [ProgramConfiguration] = [],
        groups: [Group] = []
    ) {
        self.daemon = daemon
        self.programs = programs
        self.groups = groups
    }
}

/// The daemon's own settings; `nil` where the default depends on who runs it.
public struct DaemonConfiguration: Equatable, Sendable {
    public struct Socket: Equatable, Sendable {
        /// Absolute.
        public var path: String?
        /// Permission bits.
        public var mode: UInt32 = 0o660
        public var owner: String?
        public var group: String?

        public init() {}
    }

    /// As swift-log orders them.
    public enum LogLevel: String, CaseIterable, Sendable {
        case trace, debug, info, notice, warning, error, critical
    }

    public var socket = Socket()
    /// Absolute.
    public var logDirectory: String?
    public var logLevel: LogLevel?
    public var shutdownTimeout: Duration = .seconds(90)

    public init() {}
}
