internal import CLinux
internal import Glibc
public import SystemTypes

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
/// - Parameter stdio: Descriptors that become 0, 1 and 2 of the child.
/// - Throws: The step that failed; then no process is left.
///
/// Source: `clone3(2)` with `CLONE_PIDFD`, Linux 5.3, and `CLONE_CLEAR_SIGHAND`, Linux 5.5; spawn.c
/// and child.c say the rest.
public func spawn(
    _ request: SpawnRequest,
    stdio: (CInt, CInt, CInt)
) throws(SpawnError) -> Spawned {
    var spawned = clinux_spawned()
    guard start(request, stdio, &spawned) == 0 else { throw SpawnError(spawned, request) }
    return Spawned(
        process: ProcessID(rawValue: spawned.pid),
        pidfd: PidFD(adopting: OwnedFD(adopting: spawned.pidfd))
    )
}

private func start(
    _ request: SpawnRequest,
    _ stdio: (CInt, CInt, CInt),
    _ spawned: inout clinux_spawned
) -> CInt {
    let candidates = CStrings(request.candidates)
    let arguments = CStrings(request.arguments)
    let environment = CStrings(
        request.environment,
        roomy: request.pidVariables.map { $0 + "=" },
        room: 11
    )
    let directory = CStrings(request.directory.map { [$0] } ?? [])
    let root = CStrings(request.root.map { [$0] } ?? [])
    var call = clinux_spawn()
    call.candidates = candidates.constPointers
    call.argv = UnsafePointer(arguments.pointers)
    call.envp = UnsafePointer(environment.pointers)
    call.pid_slots = UnsafePointer(environment.slots)
    call.directory = UnsafePointer(directory.pointers[0])
    call.root = UnsafePointer(root.pointers[0])
    call.family = request.family.word
    call.cgroup = request.cgroup ?? -1
    call.mask = request.umask.map { CInt($0) } ?? -1
    call.ignored = ignoredFromTheStart | 1 << UInt64(SIGPIPE - 1)
    request.fillPrivileges(into: &call)
    let result = request.withDescriptors(stdio, of: &call) { call in
        request.withLists(of: &call) { call in
            withUnsafePointer(to: &call) { clinux_spawn($0, &spawned) }
        }
    }
    withExtendedLifetime((candidates, arguments, environment, directory, root)) {}
    return result
}

/// What this process ignored when it first started another, for then nearly always its own parent
/// began it; to ask for all 64 each time costs 3 % of a spawn.
private let ignoredFromTheStart = clinux_ignored_signals()
