internal import LinuxSystem
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// keepd's own group, in which each program has one, and in that each of its instances.
///
/// It lies in the group in which keepd was started, and its name is made from the path of the
/// control socket: so daemons keep out of each other's way, and the next one on the same socket
/// finds what a crash has left. Nothing else is ever touched but for one thing: a group whose
/// controllers are handed on must have no processes of its own, so keepd, if it is alone there,
/// moves into a leaf when the first program needs a controller, and back at its end.
///
/// Source: "No Internal Process Constraint", Documentation/admin-guide/cgroup-v2.rst.
final class CgroupHome {
    /// How long killed processes may take to be gone.
    private static let patience = Duration.seconds(5)
    /// No name of a program begins so.
    private static let leaf = "_keepd"

    /// In which keepd was started.
    private let base: Cgroup
    private let group: Cgroup
    /// What has been handed on from ``base`` by keepd.
    private var handedOn: Set<Cgroup.Controller> = []
    private var hasMoved = false
    /// It was started in the same group, and moves with keepd.
    private let holder: ProcessID?

    /// - Parameter state: Of the daemon that was in this process before.
    init(
        for socketPath: String,
        holder: ProcessID?,
        resuming state: CgroupHomeState?
    ) throws(CgroupRefusal) {
        self.holder = holder
        if let state {
            base = Cgroup(directory: state.base)
            group = base.child(CgroupHome.name(for: socketPath))
            handedOn = Set(state.handedOn.compactMap(Cgroup.Controller.init))
            hasMoved = state.hasMoved
            // It may have moved since that was written down.
            if let own = Cgroup.own, CgroupHome.isLeaf(own, for: socketPath) {
                hasMoved = true
                handedOn.formUnion((try? base.enabledControllers) ?? [])
            }
            return
        }
        guard var own = Cgroup.own else { throw .notMounted }
        if CgroupHome.isLeaf(own, for: socketPath) {
            // Where a daemon that crashed had moved, with the holder that has started this one.
            (own, hasMoved) = (own.parent.parent, true)
            handedOn = (try? own.enabledControllers) ?? []
        }
        let base = CgroupHome.base(of: own, isMain: ServiceUnit.isMain)
        guard base.isDelegated else { throw .notDelegated(base.directory) }
        self.base = base
        group = base.child(CgroupHome.name(for: socketPath))
    }

    private static func isLeaf(_ group: Cgroup, for socketPath: String) -> Bool {
        group.name == leaf && group.parent.name == name(for: socketPath)
    }

    /// The group that keepd was given: not the one in which it is where `DelegateSubgroup=` has put
    /// the main process of a service below that of its unit.
    ///
    /// Source: systemd.resource-control(5), systemd 254.
    static func base(of own: Cgroup, isMain: Bool) -> Cgroup {
        let suffix = ".service"
        let isBelow = !own.name.hasSuffix(suffix) && own.parent.name.hasSuffix(suffix)
        return isMain && isBelow ? own.parent : own
    }

    var state: CgroupHomeState {
        CgroupHomeState(
            base: base.directory,
            handedOn: handedOn.map(\.rawValue),
            hasMoved: hasMoved
        )
    }

    /// `keepd:run:keepd:keepd.sock`.
    static func name(for socketPath: String) -> String {
        "keepd"
            + socketPath.reduce(into: "") { name, character in
                switch character {
                case "/": name += ":"
                case ":": name += "%3A"
                case "%": name += "%25"
                default: name.append(character)
                }
            }
    }

    /// Where the processes of an instance are.
    func group(of id: InstanceID) -> Cgroup { group(of: id.program).child(String(id.number)) }

    private func group(of program: String) -> Cgroup {
        // The kernel's own files there have a dot in their names, and `tasks` may be one of them.
        group.child(program.contains(".") || program == "tasks" ? "_\(program)" : program)
    }

    // MARK: - Making and removing

    func make(_ id: InstanceID) throws(CgroupRefusal) {
        for group in [group, group(of: id.program), group(of: id)] where !group.exists {
            do {
                try group.make()
            } catch {
                throw .cannot("make", group.directory, error)
            }
        }
    }

    /// Removes the group of an instance, and that of the program if it was the last.
    func remove(_ id: InstanceID) {
        try? group(of: id).remove()
        let program = group(of: id.program)
        if program.children.isEmpty { try? program.remove() }
    }

    /// Kills what a daemon before has left behind.
    ///
    /// - Parameters:
    ///   - spared: Whose processes go on.
    ///   - report: Told of each process before that.
    func clear(sparing spared: Set<InstanceID>, _ report: (ProcessID) -> Void) {
        let homes = Set(spared.map { group(of: $0).directory })
        let due = group.children.filter { $0.directory != leaf.directory }
            .flatMap { spared.isEmpty ? [$0] : $0.children }
            .filter { !homes.contains($0.directory) }
        for process in due.flatMap({ (try? $0.processes) ?? [] }) { report(process) }
        for group in due { _ = try? group.kill() }
        // Those that are not gone even then are met when their program is started.
        for group in due {
            _ = try? group.waitUntilEmpty(patience: CgroupHome.patience)
            try? group.remove()
        }
    }

    /// Leaves all as it was found.
    func close() {
        for program in group.children where program.directory != leaf.directory {
            try? program.remove()
        }
        try? group.disable(handedOn)
        try? base.disable(handedOn)
        if hasMoved { try? base.take(ProcessTable.current) }
        if group.exists { try? group.remove() }
    }

    // MARK: - Controllers

    /// Those that the group of an instance has.
    func controllers(of id: InstanceID) -> Set<Cgroup.Controller> {
        (try? group(of: id).controllers) ?? []
    }

    /// Hands a controller on, down to the group of an instance.
    func handOn(_ controller: Cgroup.Controller, to id: InstanceID) throws(CgroupRefusal) {
        guard has(controller) else { throw .noController(controller, base.directory) }
        if !isEnabled(controller, in: base) { try open(controller) }
        for group in [group, group(of: id.program)] where !isEnabled(controller, in: group) {
            do {
                try group.enable([controller])
            } catch {
                throw .cannot("hand on controllers of", group.directory, error)
            }
        }
    }

    private func has(_ controller: Cgroup.Controller) -> Bool {
        (try? base.controllers.contains(controller)) ?? false
    }

    private func isEnabled(_ controller: Cgroup.Controller, in group: Cgroup) -> Bool {
        (try? group.enabledControllers.contains(controller)) ?? false
    }

    private func open(_ controller: Cgroup.Controller) throws(CgroupRefusal) {
        let isOpen: Bool
        do {
            isOpen = try enableInBase(controller)
        } catch {
            throw .cannot("hand on controllers of", base.directory, error)
        }
        guard isOpen else { throw .occupied(base.directory) }
        handedOn.insert(controller)
    }

    private func enableInBase(_ controller: Cgroup.Controller) throws(Errno) -> Bool {
        do {
            try base.enable([controller])
        } catch .resourceBusy {
            guard try moveAway() else { return false }
            try base.enable([controller])
        }
        return true
    }

    private var leaf: Cgroup { group.child(CgroupHome.leaf) }

    /// Moves keepd, and what it runs for its own ends, out of the group in which it was started.
    ///
    /// - Returns: Whether there is nobody else in it.
    private func moveAway() throws(Errno) -> Bool {
        let keepd = ProcessTable.current
        let members = try base.members
        let isAlone = members.allSatisfy {
            $0 == keepd || $0 == holder || ProcessTable.entry(of: $0)?.parent == keepd.rawValue
        }
        guard isAlone else { return false }
        if !leaf.exists { try leaf.make() }
        hasMoved = true
        for member in members { try leaf.take(member) }
        return true
    }
}
