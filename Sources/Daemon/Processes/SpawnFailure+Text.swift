internal import LinuxSystem
internal import Supervision
internal import SystemPackage

extension SpawnFailure {
    /// - Parameter act: What keepd could not do: `make a pipe`.
    init(step: String, cannot act: String, _ errno: Errno) {
        self.init(
            step: step,
            errno: errno.rawValue,
            message: "cannot \(act): \(errno.reason)"
        )
    }

    /// Says what failed, in terms of the configuration.
    init(_ error: SpawnError, _ request: SpawnRequest) {
        let act =
            switch error.step {
            case .clone: "start a process"
            case .cgroup: "put it into its cgroup"
            case .setsid: "begin a session"
            case .setpgid: "begin a process group"
            case .dup2: "set up descriptor \(error.subject ?? "")"
            case .controllingTerminal: "give it its terminal"
            case .setrlimit: "set the limit \(error.subject ?? "")"
            case .nice: "set its niceness to \(request.niceness ?? 0)"
            case .oomScoreAdjust: "set oom_score_adj to \(request.oomScoreAdjust ?? 0)"
            case .processors: "bind it to processor \(error.subject ?? "")"
            case .chroot: "chroot to \(request.root ?? "")"
            case .boundingSet: "drop capability \(error.subject ?? "")"
            case .capset: "set its capabilities"
            case .ambientSet: "give it capability \(error.subject ?? "")"
            case .parentDeathSignal: "bind its life to its parent's"
            case .noNewPrivileges: "withhold new privileges"
            case .setgroups: "take the groups of user \(request.identity?.user ?? 0)"
            case .setgid: "become group \(request.identity?.group ?? 0)"
            case .setuid: "become user \(request.identity?.user ?? 0)"
            case .chdir: "chdir to \(request.directory ?? "")"
            case .execve: "execute \(request.arguments[0])"
            case .watch: "watch the process"
            }
        self.init(
            step: error.step.rawValue,
            errno: error.errno.rawValue,
            message: "cannot \(act): \(error.reason)"
        )
    }
}

extension SpawnError {
    fileprivate var reason: String {
        switch step {
        case .setgroups, .setgid, .setuid:
            errno == .notPermitted && Accounts.effectiveUser != 0
                ? "keepd does not run as root" : errno.reason
        default:
            errno.reason
        }
    }
}
