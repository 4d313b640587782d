internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// A cgroup of the instance's own, which nothing leaves unasked.
final class CgroupTree: ProcessTree {
    private let id: InstanceID
    private let home: CgroupHome
    private let cgroup: Cgroup
    private let loop: EventLoop
    private var directory: OwnedFD
    private var watch: CgroupWatch?
    /// Whether the cgroup has ever been killed.
    ///
    /// Linux compares how often the group of a child has been killed with how often that of its
    /// parent has (`kill_seq` in cgroup_css_set_fork(), seen with 6.18): after a kill, whoever is
    /// born in the group by `CLONE_INTO_CGROUP` is killed as well. So a new one takes its place.
    private var isSpent = false
    /// What the limit of memory had done before the last birth; `nil` without one.
    private var memoryBefore: CgroupCounts?
    /// What had been used before the last birth, in microseconds.
    private var processorBefore: UInt64 = 0

    /// Makes the cgroup.
    init(of id: InstanceID, in home: CgroupHome, on loop: EventLoop) throws(CgroupRefusal) {
        self.id = id
        self.home = home
        self.loop = loop
        cgroup = home.group(of: id)
        directory = try CgroupTree.open(id, in: home)
    }

    private static func open(
        _ id: InstanceID,
        in home: CgroupHome
    ) throws(CgroupRefusal) -> OwnedFD {
        try home.make(id)
        let cgroup = home.group(of: id)
        do {
            return try cgroup.open()
        } catch {
            throw .cannot("open", cgroup.directory, error)
        }
    }

    // MARK: - Births

    func admit(_ request: inout SpawnRequest, _ limits: Limits) throws(SpawnFailure) {
        if let survivor = survivors.first {
            let command = ProcessTable.commandLine(of: survivor.process)
            throw SpawnFailure(
                step: "cgroup",
                errno: Errno.resourceBusy.rawValue,
                message: "cannot start a process: \(survivor.process) (\(command)) is left over"
            )
        }
        do {
            try renew()
        } catch {
            throw SpawnFailure(step: "cgroup", errno: 0, message: "\(error)")
        }
        memoryBefore = nil
        try adopt(limits)
        processorBefore = processorMicroseconds ?? 0
        request.cgroup = directory.raw
    }

    private func renew() throws(CgroupRefusal) {
        // Whoever manages the groups above may have removed one that is empty.
        guard isSpent || !cgroup.exists else { return }
        do {
            try cgroup.remove()
        } catch {
            throw .cannot("remove", cgroup.directory, error)
        }
        directory = try CgroupTree.open(id, in: home)
        isSpent = false
    }

    func adopt(_ limits: Limits) throws(SpawnFailure) {
        var failure: SpawnFailure?
        for limit in limits.ofTree {
            do {
                try home.handOn(limit.limit.controller, to: id)
                try set(limit.limit)
            } catch {
                failure = failure ?? SpawnFailure(limit, error.description)
            }
        }
        let limited = Set(limits.ofTree.map(\.limit.controller))
        for limit in Limits.noneOfTree
        where !limited.contains(limit.controller)
            && home.controllers(of: id).contains(limit.controller)
        {
            // A run before may have had one. Not every kernel has all the files.
            try? cgroup.set(limit)
        }
        memoryBefore = limited.contains(.memory) ? memoryBefore ?? (try? cgroup.memoryEvents) : nil
        if let failure { throw failure }
    }

    private func set(_ limit: Cgroup.Limit) throws(CgroupRefusal) {
        do {
            try cgroup.set(limit)
        } catch {
            throw .cannot(
                "write the \(limit.controller.rawValue) limit of",
                cgroup.directory,
                error
            )
        }
    }

    func began(with first: Child) {}

    func resumed(with first: Child?) {}

    var state: CgroupTreeState {
        CgroupTreeState(instance: id, isSpent: isSpent, memoryBefore: memoryBefore)
    }

    func restore(_ state: CgroupTreeState) {
        (isSpent, memoryBefore) = (state.isSpent, state.memoryBefore)
    }

    // MARK: - Ends

    func kill() {
        isSpent = true
        _ = try? cgroup.kill()
    }

    var survivors: [Descendants.Found] {
        ((try? cgroup.processes) ?? []).compactMap(Descendants.find)
    }

    var outOfMemory: OutOfMemory? {
        guard let memoryBefore, let memory = try? cgroup.memoryEvents,
            memory.growth(of: "oom_kill", since: memoryBefore) > 0,
            let limit = number(in: "memory.max")
        else { return nil }
        // There since Linux 5.19.
        return OutOfMemory(limit: limit, peak: number(in: "memory.peak") ?? limit)
    }

    var usage: TreeUsage? {
        guard let now = processorMicroseconds else { return nil }
        return TreeUsage(
            processorTime: .microseconds(Int64(now) - Int64(processorBefore)),
            memoryBytes: number(in: "memory.current").map { Int($0) }
        )
    }

    private var processorMicroseconds: UInt64? {
        (try? cgroup.processorStatistics)?["usage_usec"]
    }

    private func number(in file: String) -> UInt64? {
        (try? cgroup.value(of: file)).flatMap { UInt64($0) }
    }

    func ended() {
        onChange = nil
    }

    func remove() {
        home.remove(id)
    }

    var onChange: (() -> Void)? {
        didSet {
            guard let onChange else { return watch = nil }
            // Without a group there is nobody in it, and that is seen by whoever looks.
            watch = try? CgroupWatch(of: cgroup, on: loop, onEmpty: onChange)
        }
    }
}
