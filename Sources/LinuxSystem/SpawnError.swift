internal import CLinux
public import SystemPackage

/// A spawn that did not come to the first instruction of the program.
public struct SpawnError: Error, Hashable, Sendable {
    /// In the order in which they are taken.
    public enum Step: String, Sendable {
        case clone, cgroup, setsid, setpgid, dup2
        case controllingTerminal = "controlling terminal"
        case nice
        case oomScoreAdjust = "oom_score_adj"
        case processors = "sched_setaffinity"
        case setrlimit
        case chroot
        case boundingSet = "bounding set"
        case setgroups, setgid, setuid, capset
        case ambientSet = "ambient set"
        case parentDeathSignal = "parent-death signal"
        case noNewPrivileges = "no_new_privs"
        case chdir, execve
        /// After the program was executed: it could not be watched, and was killed.
        case watch
    }

    public let step: Step
    /// Which of several it was: the name of a limit or a capability, the number of a descriptor or
    /// a processor.
    public let subject: String?
    public let errno: Errno

    public init(_ step: Step, _ errno: Errno, subject: String? = nil) {
        self.step = step
        self.errno = errno
        self.subject = subject
    }

    init(_ spawned: clinux_spawned, _ request: SpawnRequest) {
        step = Step(clinux_step(rawValue: UInt32(spawned.step)))
        errno = Errno(rawValue: spawned.error)
        subject =
            switch step {
            case .setrlimit: request.limits[Int(spawned.index)].resource.rawValue
            case .boundingSet, .ambientSet: Capability(number: spawned.index)?.description
            case .dup2, .processors: String(spawned.index)
            default: nil
            }
    }
}

extension SpawnError: CustomStringConvertible {
    /// As `chdir: no such file or directory`, `setrlimit nofile: invalid argument`.
    public var description: String {
        let call = subject.map { "\(step.rawValue) \($0)" } ?? step.rawValue
        return "\(call): \(errno.reason)"
    }
}

extension SpawnError.Step {
    fileprivate init(_ step: clinux_step) {
        self =
            switch step {
            case CLINUX_STEP_CGROUP: .cgroup
            case CLINUX_STEP_SETSID: .setsid
            case CLINUX_STEP_SETPGID: .setpgid
            case CLINUX_STEP_DUP: .dup2
            case CLINUX_STEP_TERMINAL: .controllingTerminal
            case CLINUX_STEP_SETRLIMIT: .setrlimit
            case CLINUX_STEP_NICE: .nice
            case CLINUX_STEP_OOM_SCORE: .oomScoreAdjust
            case CLINUX_STEP_AFFINITY: .processors
            case CLINUX_STEP_CHROOT: .chroot
            case CLINUX_STEP_BOUNDING: .boundingSet
            case CLINUX_STEP_SETGROUPS: .setgroups
            case CLINUX_STEP_SETGID: .setgid
            case CLINUX_STEP_SETUID: .setuid
            case CLINUX_STEP_CAPSET: .capset
            case CLINUX_STEP_AMBIENT: .ambientSet
            case CLINUX_STEP_PARENT_DEATH: .parentDeathSignal
            case CLINUX_STEP_NO_NEW_PRIVILEGES: .noNewPrivileges
            case CLINUX_STEP_CHDIR: .chdir
            case CLINUX_STEP_EXEC: .execve
            default: .clone
            }
    }
}
