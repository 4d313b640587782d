public import SystemTypes

/// What to run, and in which circumstances; everything a child gets is here.
///
/// The child always begins with default signal dispositions, an empty signal mask, and no
/// descriptor but the three standard ones and ``descriptors``. Only a signal that this process
/// itself has begun to ignore after its first spawn, SIGPIPE excepted, stays ignored.
public struct SpawnRequest: Sendable {
    /// Whom the child is to be.
    public struct Identity: Equatable, Sendable {
        public var user: UInt32
        public var group: UInt32
        public var supplementaryGroups: [UInt32]

        public init(user: UInt32, group: UInt32, supplementaryGroups: [UInt32]) {
            self.user = user
            self.group = group
            self.supplementaryGroups = supplementaryGroups
        }
    }

    /// The session and the process group that the child belongs to.
    ///
    /// Source: setsid(2), setpgid(2), `ioctl_tty(2)`.
    public enum Family: Sendable {
        /// Those of the caller.
        case inherited
        /// A group of its own, in the caller's session; much cheaper than a session.
        case group
        /// A session and a group of its own, and no terminal.
        case session
        /// As ``session``, with standard input as controlling terminal.
        case terminal
    }

    /// Paths to try, in this order, as `execvp(3)` does with those it makes from `PATH`.
    public var candidates: [String]
    public var arguments: [String]
    /// Each as `NAME=value`.
    public var environment: [String]
    /// Names of further variables that hold the child's own process id, such as `LISTEN_PID`.
    public var pidVariables: [String] = []
    /// Further descriptors, by the number that each has in the child, 3 or greater; they stay the
    /// caller's.
    public var descriptors: [CInt: CInt] = [:]
    public var family = Family.session
    /// `nil` to stay where the caller is, or to be at the root of ``root``.
    public var directory: String?
    /// The directory that is to be `/`; all paths are looked up inside of it.
    ///
    /// Source: chroot(2).
    public var root: String?
    /// Permission bits to withhold; `nil` to inherit.
    public var umask: UInt32?
    /// `nil` to stay who the caller is.
    public var identity: Identity?
    /// `nil` to keep what is left after the change of identity.
    public var capabilities: CapabilitySets?
    /// Whether no program can ever give it more privileges, by its file's mode or capabilities.
    ///
    /// Source: prctl(2), `PR_SET_NO_NEW_PRIVS`.
    public var noNewPrivileges = false
    /// Set before the change of identity, with the caller's privileges.
    public var limits: [ResourceLimit] = []
    /// -20, which is the most favoured, to 19; `nil` to inherit.
    public var niceness: Int32?
    /// -1000, which is never killed, to 1000, which is killed first; `nil` to inherit.
    ///
    /// Source: proc(5), `oom_score_adj`.
    public var oomScoreAdjust: Int32?
    /// The processors it may run on; `nil` for those of the caller.
    public var processors: Set<Int>?
    /// A descriptor of the directory of a cgroup, in which the child is born.
    ///
    /// Source: `clone3(2)`, `CLONE_INTO_CGROUP`, Linux 5.7.
    public var cgroup: CInt?
    /// Sent to the child when the thread that starts it ends, whichever way.
    ///
    /// Source: prctl(2), `PR_SET_PDEATHSIG`.
    public var parentDeathSignal: Signal?

    public init(candidates: [String], arguments: [String], environment: [String]) {
        self.candidates = candidates
        self.arguments = arguments
        self.environment = environment
    }

    /// The paths at which a command may be found.
    ///
    /// - Parameter searchPath: A value of `PATH`; as in `execvp(3)`, an empty part is the working
    ///   directory.
    public static func candidates(for command: String, searchPath: String) -> [String] {
        if command.utf8.contains(UInt8(ascii: "/")) { return [command] }
        return searchPath.split(separator: ":", omittingEmptySubsequences: false).map {
            $0.isEmpty ? "./\(command)" : "\($0)/\(command)"
        }
    }
}
