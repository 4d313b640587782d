/// What the operator declared, read, checked and complete: no key is left to interpret.
public struct Configuration: Equatable, Sendable, Codable {
    public var daemon: DaemonConfiguration
    /// In the order of the files, which is the order of starting.
    public var programs: [ProgramConfiguration]
    /// Names of programs by the name of their group, in the order of the files.
    public var groups: [Group]

    public struct Group: Equatable, Sendable, Codable {
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
