import LinuxSystem
import SystemTypes

/// How the daemon of a test knows what its programs have started.
enum TreeKind: String, CaseIterable, Sendable {
    case cgroup, descendants

    /// What is possible here.
    static let available = allCases.filter { $0 == .descendants || canMakeGroups }

    private static let canMakeGroups = Cgroup.own?.isDelegated == true

    /// For the `daemon` of a configuration.
    var setting: String { self == .cgroup ? #""cgroups": "auto""# : #""cgroups": "off""# }
}

extension RunningDaemon {
    /// The group in which its programs have theirs.
    var cgroup: Cgroup? { RunningDaemon.cgroup(of: socketPath) }

    static func cgroup(of socketPath: String) -> Cgroup? {
        Cgroup.own?.child("keepd" + socketPath.replacing("/", with: ":"))
    }
}
