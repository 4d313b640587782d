internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// The process group of the main process and all that descends from it; see ``Descendants``.
final class DescendantTree: ProcessTree {
    private let id: InstanceID
    private let descendants: Descendants
    private let refusal: CgroupRefusal
    private var first: Child?

    /// - Parameter refusal: Why it is not a cgroup.
    init(of id: InstanceID, _ descendants: Descendants, instead refusal: CgroupRefusal) {
        self.id = id
        self.descendants = descendants
        self.refusal = refusal
    }

    var onChange: (() -> Void)? {
        didSet { descendants.waiting[id] = onChange }
    }

    func admit(_ request: inout SpawnRequest, _ limits: Limits) throws(SpawnFailure) {
        try adopt(limits)
    }

    func adopt(_ limits: Limits) throws(SpawnFailure) {
        guard let limit = limits.ofTree.first else { return }
        throw SpawnFailure(limit, refusal.description)
    }

    func began(with first: Child) {
        self.first = first
        descendants.noteOutlets(of: first.process, as: id)
    }

    func resumed(with first: Child?) {
        self.first = first
    }

    func kill() {
        // Found before they lose the parent by which they are known.
        let found = survivors
        if let first, first.status == nil { try? first.sendToGroup(.kill) }
        for process in found { process.send(.kill) }
    }

    var survivors: [Descendants.Found] {
        let orphans = descendants.orphans(of: id)
        guard let first, first.status == nil else { return orphans }
        return [Descendants.find(first.process)].compactMap(\.self)
            + descendants.note(below: first.process, of: id) + orphans
    }

    var outOfMemory: OutOfMemory? { nil }

    var usage: TreeUsage? { nil }

    func ended() {
        onChange = nil
        first = nil
    }

    func remove() {
        descendants.forgetOutlets(of: id)
    }
}
