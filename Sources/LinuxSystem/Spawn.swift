internal import CLinux
internal import Glibc
public import SystemPackage
public import SystemTypes

/// What to run, and in which circumstances; everything a child gets is here.
///
/// The child always begins with default signal dispositions, an empty signal mask, a session and
/// process group of its own, and no descriptor but the three standard ones.
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

    /// Paths to try, in this order, as `execvp(3)` does with those it makes from `PATH`.
    public var candidates: [String]
    public var arguments: [String]
    /// Each as `NAME=value`.
    public var environment: [String]
    /// `nil` to stay where the caller is.
    public var directory: String?
    /// Permission bits to withhold; `nil` to inherit.
    public var umask: UInt32?
    /// `nil` to stay who the caller is.
    public var identity: Identity?
    /// The soft limit of open descriptors, RLIMIT_NOFILE; `nil` to inherit.
    public var openFilesMax: UInt64?

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

/// A spawn that did not come to the first instruction of the program.
public struct SpawnError: Error, Hashable, Sendable {
    /// In the order in which they are taken.
    public enum Step: String, Sendable {
        case clone, setsid, dup2, setrlimit, setgroups, setgid, setuid, chdir, execve
        /// After the program was executed: it could not be watched, and was killed.
        case watch
    }

    public let step: Step
    public let errno: Errno

    public init(_ step: Step, _ errno: Errno) {
        self.step = step
        self.errno = errno
    }

    init(_ spawned: clinux_spawned) {
        step =
            switch clinux_step(rawValue: UInt32(spawned.step)) {
            case CLINUX_STEP_SETSID: .setsid
            case CLINUX_STEP_DUP: .dup2
            case CLINUX_STEP_SETRLIMIT: .setrlimit
            case CLINUX_STEP_SETGROUPS: .setgroups
            case CLINUX_STEP_SETGID: .setgid
            case CLINUX_STEP_SETUID: .setuid
            case CLINUX_STEP_CHDIR: .chdir
            case CLINUX_STEP_EXEC: .execve
            default: .clone
            }
        errno = Errno(rawValue: spawned.error)
    }
}

/// A process that was started, and the hold on it.
public struct Spawned: ~Copyable, Sendable {
    public let process: ProcessID
    public let pidfd: PidFD

    /// Gives the hold to an owner of its own.
    public consuming func takePidFD() -> PidFD { pidfd }
}

/// Starts a process.
///
/// The calling thread sleeps until the program runs or has failed to, as with vfork(2).
///
/// - Parameter stdio: Descriptors, all greater than 2, that become 0, 1 and 2 of the child.
/// - Throws: The step that failed; then no process is left.
///
/// Source: `clone3(2)` with `CLONE_PIDFD`, Linux 5.3; spawn.c says the rest.
public func spawn(
    _ request: SpawnRequest,
    stdio: (CInt, CInt, CInt)
) throws(SpawnError) -> Spawned {
    precondition(min(stdio.0, stdio.1, stdio.2) > 2, "a standard descriptor would be overwritten")
    let candidates = CStringArray(request.candidates)
    let arguments = CStringArray(request.arguments)
    let environment = CStringArray(request.environment)
    let directory = CStringArray(request.directory.map { [$0] } ?? [])
    var groups = request.identity?.supplementaryGroups ?? []

    var spawned = clinux_spawned()
    let result = groups.withUnsafeMutableBufferPointer { groups in
        var call = clinux_spawn()
        call.candidates = candidates.constPointers
        call.argv = UnsafePointer(arguments.pointers)
        call.envp = UnsafePointer(environment.pointers)
        call.stdio = stdio
        call.directory = UnsafePointer(directory.pointers[0])
        call.mask = request.umask.map { CInt($0) } ?? -1
        call.open_files = request.openFilesMax.map { Int64(clamping: $0) } ?? -1
        call.changes_identity = request.identity == nil ? 0 : 1
        call.uid = request.identity?.user ?? 0
        call.gid = request.identity?.group ?? 0
        call.groups = UnsafePointer(groups.baseAddress)
        call.group_count = groups.count
        return withUnsafePointer(to: &call) { clinux_spawn($0, &spawned) }
    }
    withExtendedLifetime((candidates, arguments, environment, directory)) {}
    guard result == 0 else { throw SpawnError(spawned) }
    return Spawned(
        process: ProcessID(rawValue: spawned.pid),
        pidfd: PidFD(adopting: spawned.pidfd)
    )
}

/// Strings as C wants them: pointers to bytes that end in NUL, ended by a null pointer.
private final class CStringArray {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { pointers[index] = strdup(string) }
        pointers[count] = nil
    }

    var constPointers: UnsafePointer<UnsafePointer<CChar>?> {
        UnsafeRawPointer(pointers).assumingMemoryBound(to: UnsafePointer<CChar>?.self)
    }

    deinit {
        for index in 0..<count { free(pointers[index]) }
        pointers.deallocate()
    }
}
