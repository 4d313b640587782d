internal import LinuxSystem
internal import SystemPackage

/// Why something cannot be had from the cgroups of this machine.
enum CgroupRefusal: Error, Equatable {
    case switchedOff
    case notMounted
    case notDelegated(String)
    case noController(Cgroup.Controller, String)
    /// There are processes of others, and a group with controllers for those below has none.
    case occupied(String)
    case cannot(_ act: String, _ directory: String, Errno)
}

extension CgroupRefusal: CustomStringConvertible {
    var description: String {
        switch self {
        case .switchedOff: "cgroups are switched off in the configuration"
        case .notMounted: "there is no cgroup of version 2"
        case .notDelegated(let directory): "keepd may not make groups in \(directory)"
        case .noController(let controller, let directory):
            "there is no \(controller.rawValue) controller in \(directory)"
        case .occupied(let directory): "there are processes of others in \(directory)"
        case .cannot(let act, let directory, let errno):
            "cannot \(act) \(directory): \(errno.reason)"
        }
    }
}
