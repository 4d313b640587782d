/// Decides who may do what, and is the only place that does.
///
/// Whoever no rule names may do nothing.
public struct Access: Sendable {
    private struct Grant: Sendable {
        let role: AccessRule.Role
        let users: Set<UInt32>
        let groups: Set<UInt32>
        /// `nil` for all programs, and for keepd itself.
        let programs: [String]?
    }

    private let owner: UInt32
    private let grants: [Grant]

    /// - Parameters:
    ///   - owner: Who may do everything, as root may: the daemon's own user.
    ///   - user: The number of a user; a name that has none stands for nobody.
    ///   - group: The number of a group, likewise.
    public init(
        _ rules: [AccessRule],
        owner: UInt32,
        user: (String) -> UInt32?,
        group: (String) -> UInt32?
    ) {
        self.owner = owner
        grants = rules.map { rule in
            Grant(
                role: rule.role,
                users: Set(rule.users.compactMap(user)),
                groups: Set(rule.groups.compactMap(group)),
                programs: rule.programs
            )
        }
    }

    /// What a user in these groups may do.
    public func rights(user: UInt32, groups: Set<UInt32>) -> Rights {
        if user == 0 || user == owner { return .all }
        let mine = grants.filter {
            $0.users.contains(user) || !$0.groups.isDisjoint(with: groups)
        }
        return Rights(mine.map { Rights.Share(role: $0.role, programs: $0.programs) })
    }
}
