/// A role, and who has it for which programs.
public struct AccessRule: Equatable, Sendable, Codable {
    /// Each may what those before it may.
    public enum Role: String, CaseIterable, Comparable, Sendable, Codable {
        /// Reads.
        case observe
        /// Starts, stops, signals, and writes to stdin.
        case operate
        /// Changes the configuration and ends the daemon.
        case admin

        public static func < (left: Self, right: Self) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .observe: 0
            case .operate: 1
            case .admin: 2
            }
        }
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
