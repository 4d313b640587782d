/// The place of a program among the others.
struct Membership: Sendable, Codable {
    /// As it is to be from now on; `instances` is what was last asked for.
    var program: ProgramConfiguration
    var instances: [InstanceID] = []
    /// Those there are too many of, until they have ended.
    var surplus: [InstanceID] = []
    /// Who needs it, and what of it.
    var neededBy: [Dependency] = []
    var timetable: Timetable?
    /// It is not in the configuration any more.
    var isRetiring = false
    /// What takes its place once it is gone.
    var successor: Successor?

    struct Successor: Codable {
        var program: ProgramConfiguration
        /// Who wants it started.
        let starter: Requester?
    }

    /// Of a state: who needs it is seen by the others.
    private enum CodingKeys: CodingKey {
        case program, instances, surplus, timetable, isRetiring, successor
    }

    var needs: [Dependency] { program.dependsOn }

    /// Whether it starts with the daemon; what has a schedule only goes by that then.
    var startsByItself: Bool { program.autostart && program.policy.kind != .scheduled }
}
