/// A role, and who has it for which programs.
public struct AccessRule: Equatable, Sendable {
    /// Each may what those before it may.
    public enum Role: String, CaseIterable, Sendable {
        /// Reads.
        case observe
        /// Starts, stops, signals, and writes to stdin.
        case operate
        /// Changes the configuration and ends the daemon.
        case admin
    }

    public var role: Role
    /// Names.
    public var users: [String] = []
    public var groups: [String] = []
    /// Patterns as in a shell; `nil` for all programs.
    public var programs: [String]?

    public init(role: Role) {
        self.role = role
    }
}
