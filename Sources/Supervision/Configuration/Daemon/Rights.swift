/// What one peer may do.
public struct Rights: Equatable, Sendable {
    struct Share: Equatable, Sendable {
        let role: AccessRule.Role
        /// Patterns; `nil` for all programs, and for keepd itself.
        let programs: [String]?
    }

    /// Those of root.
    public static let all = Rights([Share(role: .admin, programs: nil)])
    /// Those of a stranger.
    public static let none = Rights([])

    private let shares: [Share]

    init(_ shares: [Share]) {
        self.shares = shares
    }

    /// Whether it has any role at all, if only for some programs.
    public var isAny: Bool { !shares.isEmpty }

    /// Whether it has the role for any program at all.
    public func isAny(_ role: AccessRule.Role) -> Bool {
        shares.contains { $0.role >= role }
    }

    /// Whether it has the role for keepd itself, and so for all programs.
    public func permit(_ role: AccessRule.Role) -> Bool {
        shares.contains { $0.role >= role && $0.programs == nil }
    }

    /// Whether it has the role for a program; also for one that there is not.
    public func permit(_ role: AccessRule.Role, of program: String) -> Bool {
        shares.contains { share in
            guard share.role >= role else { return false }
            return share.programs?.contains { Glob($0).matches(program) } ?? true
        }
    }
}
