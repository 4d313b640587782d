internal import LinuxSystem
internal import Supervision
internal import SystemTypes

/// What is known of the processes that programs have started.
struct TreesState: Codable, Sendable {
    var home: CgroupHomeState?
    var cgroups: [CgroupTreeState] = []
    var noted: [NotedProcess] = []
    var outlets: [Outlet] = []
    /// Of a daemon that has crashed: whose processes go on, while those of all others are killed.
    ///
    /// `nil` where all go on.
    var spared: Set<InstanceID>?

    /// A process, and whose it is.
    struct NotedProcess: Codable, Sendable {
        var found: Descendants.Found
        var instance: InstanceID
    }

    /// A pipe, as /proc names it, and whose it is.
    struct Outlet: Codable, Sendable {
        var name: String
        var instance: InstanceID
    }
}

/// keepd's own group.
struct CgroupHomeState: Codable, Sendable {
    /// The directory of the group in which it was started.
    var base: String
    var handedOn: [String] = []
    var hasMoved = false
}

/// The group of an instance.
struct CgroupTreeState: Codable, Sendable {
    var instance: InstanceID
    var isSpent = false
    /// What the limit of memory had done before the last birth; `nil` without one.
    var memoryBefore: CgroupCounts?
}

extension TreesState: Templated {
    static let template = TreesState()
}
