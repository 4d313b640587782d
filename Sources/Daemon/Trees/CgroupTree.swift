internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// A cgroup of the instance's own, which nothing leaves unasked.
final class CgroupTree: ProcessTree {
    /// What has happened to the cgroup.
    private enum Past {
        /// Nobody was ever in it.
        case none
        case lived
        /// It has been killed.
        ///
        /// Linux compares how often the group of a child has been killed with how often that of its
        /// parent has (`kill_seq` in cgroup_css_set_fork(), seen with 6.18): after a kill, whoever
        /// is born in the group by `CLONE_INTO_CGROUP` is killed as well. So a new one takes its
        /// place.
        case killed
    }

    private let id: InstanceID
    private let home: CgroupHome
    private let cgroup: Cgroup
    private let loop: EventLoop
    /// In which a process is about to be born.
    private var directory: OwnedFD?
    private var watch: CgroupWatch?
    /// Whether nobody can be in it, for nobody was born there since it was seen to be empty.
    private var isKnownEmpty: Bool
    /// The controllers whose limits an earlier run may have left there.
    private var limited: Set<Cgroup.Controller>
    private var past: Past
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
        isKnownEmpty = try home.make(id)
        past = isKnownEmpty ? .none : .lived
        limited = isKnownEmpty ? [] : Set(Cgroup.Controller.allCases)
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
        memoryBefore = nil
        do {
            directory = try open()
        } catch {
            throw SpawnFailure(step: "cgroup", errno: 0, message: "\(error)")
        }
        try adopt(limits)
        processorBefore = past == .none ? 0 : processorMicroseconds ?? 0
        request.cgroup = directory?.raw
    }

    private func open() throws(CgroupRefusal) -> OwnedFD {
        // Whoever manages the groups above may have removed one that is empty.
        if past != .killed, let directory = try? cgroup.open() { return directory }
        try attempt("remove") { () throws(Errno) in try cgroup.remove() }
        try home.make(id)
        (past, limited) = (.none, [])
        return try attempt("open") { () throws(Errno) in try cgroup.open() }
    }

    private func attempt<Result: ~Copyable>(
        _ action: String,
        _ body: () throws(Errno) -> Result
    ) throws(CgroupRefusal) -> Result {
        do {
            return try body()
        } catch {
            throw .cannot(action, cgroup.directory, error)
        }
    }

    func adopt(_ limits: Limits) throws(SpawnFailure) {
        var failure: SpawnFailure?
        for limit in limits.ofTree {
            do {
                try home.handOn(limit.limit.controller, to: id)
                try attempt("write the \(limit.limit.controller.rawValue) limit of") {
                    () throws(Errno) in try cgroup.set(limit.limit)
                }
            } catch {
                failure = failure ?? SpawnFailure(limit, error.description)
            }
        }
        let wanted = Set(limits.ofTree.map(\.limit.controller))
        for limit in Limits.noneOfTree
        where limited.subtracting(wanted).contains(limit.controller) {
            // Not every kernel has all the files, and not every group the controllers.
            try? cgroup.set(limit)
        }
        limited = wanted
        memoryBefore = wanted.contains(.memory) ? memoryBefore ?? (try? cgroup.memoryEvents) : nil
        if let failure { throw failure }
    }

    func began(with first: Child) {
        (isKnownEmpty, past) = (false, .lived)
        directory = nil
    }

    func resumed(with first: Child?) {}

    var state: CgroupTreeState {
        CgroupTreeState(
            instance: id,
            isSpent: past == .killed,
            memoryBefore: memoryBefore,
            processorBefore: processorBefore
        )
    }

    func restore(_ state: CgroupTreeState) {
        if state.isSpent { past = .killed }
        (memoryBefore, processorBefore) = (state.memoryBefore, state.processorBefore)
    }

    // MARK: - Ends

    func kill() {
        past = .killed
        _ = try? cgroup.kill()
    }

    var survivors: [Descendants.Found] {
        isEmpty() ? [] : ((try? cgroup.processes) ?? []).compactMap(Descendants.find)
    }

    /// Mostly it is, and to ask for that alone is the least of work.
    private func isEmpty() -> Bool {
        // There is nobody in a group that is not there.
        if !isKnownEmpty { isKnownEmpty = (try? !cgroup.isPopulated) ?? true }
        return isKnownEmpty
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
            // That it is empty is seen by whoever looks, without a watch.
            guard !isEmpty() else { return }
            watch = try? CgroupWatch(of: cgroup, on: loop, onEmpty: onChange)
        }
    }
}
