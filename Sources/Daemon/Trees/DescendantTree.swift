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
    private var main: Child?

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
        guard let limit = limits.ofTree.first else { return }
        throw SpawnFailure(limit, refusal.description)
    }

    func began(with main: Child) {
        self.main = main
        descendants.noteOutlets(of: main.process, as: id)
    }

    func kill() {
        if let main, main.status == nil {
            // Noted before they lose the parent by which they are known.
            for process in descendants.note(below: main.process, of: id) { process.send(.kill) }
            try? main.sendToGroup(.kill)
        }
        for process in survivors { process.send(.kill) }
    }

    var survivors: [Descendants.Found] { descendants.orphans(of: id) }

    var outOfMemory: OutOfMemory? { nil }

    func ended() {
        onChange = nil
        main = nil
    }

    func remove() {
        descendants.forgetOutlets(of: id)
    }
}
