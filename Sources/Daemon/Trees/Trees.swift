internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// Gives each instance its tree: a cgroup where keepd may make one, else its descendants.
final class Trees {
    private let loop: EventLoop
    private let logger: Logger
    let mains = MainProcesses()
    private let descendants: Descendants
    private let home: Result<CgroupHome, CgroupRefusal>
    private var trees: [InstanceID: any ProcessTree] = [:]
    /// Called when an orphan has ended, and was reaped.
    var onOrphan: ((ProcessID, ExitStatus) -> Void)?

    /// Kills what an earlier daemon on the same socket has left, and waits for it; unless it has
    /// handed that over.
    init(
        loop: EventLoop,
        logger: Logger,
        usesCgroups: Bool,
        socketPath: String,
        holder: ProcessID?,
        resuming state: TreesState?
    ) throws(Errno) {
        self.loop = loop
        self.logger = logger
        descendants = Descendants(mains: mains) { loop.isChild($0) }
        home = Result { () throws(CgroupRefusal) in
            guard usesCgroups else { throw .switchedOff }
            return try CgroupHome(for: socketPath, holder: holder, resuming: state?.home)
        }
        mains.holder = holder
        try Orphans.adopt()
        try loop.reapOrphans { [weak self] process, status in
            self?.orphanEnded(process, status)
        }
        if let state { restore(state) }
        if let spared = state == nil ? [] : state?.spared { clear(socketPath, sparing: spared) }
    }

    private func clear(_ socketPath: String, sparing spared: Set<InstanceID>) {
        let report: (ProcessID) -> Void = { [logger] process in
            let command = ProcessTable.commandLine(of: process)
            logger.warning("killing process \(process), which keepd left before: \(command)")
        }
        switch home {
        case .success(let home): home.clear(sparing: spared, report)
        case .failure(let refusal): logger.debug("programs have no cgroups: \(refusal)")
        }
        // Also those that are in no cgroup, for not every daemon needs to have had them.
        Strays(ofEarlierDaemonAt: socketPath).clear(sparing: spared, report)
    }

    /// An orphan has ended and was reaped, here or by the holder.
    func orphanEnded(_ process: ProcessID, _ status: ExitStatus) {
        descendants.orphanEnded()
        onOrphan?(process, status)
    }

    // MARK: - Another daemon

    var state: TreesState {
        let (noted, outlets) = descendants.state
        var state = TreesState(noted: noted, outlets: outlets)
        if case .success(let home) = home { state.home = home.state }
        state.cgroups = trees.values.compactMap { ($0 as? CgroupTree)?.state }
        return state
    }

    private func restore(_ state: TreesState) {
        descendants.restore(state)
        for cgroup in state.cgroups { (tree(of: cgroup.instance) as? CgroupTree)?.restore(cgroup) }
    }

    // MARK: - Trees

    func tree(of id: InstanceID) -> any ProcessTree {
        if let tree = trees[id] { return tree }
        let tree = makeTree(of: id)
        trees[id] = tree
        return tree
    }

    private func makeTree(of id: InstanceID) -> any ProcessTree {
        do {
            return try CgroupTree(of: id, in: home.get(), on: loop)
        } catch {
            if case .cannot = error { logger.warning("\(id.program): no cgroup: \(error)") }
            return DescendantTree(of: id, descendants, instead: error)
        }
    }

    /// Has all trees looked at anew.
    func lookAgain() {
        descendants.lookAgain()
    }

    /// What has been left behind by anybody, be it known by whom or not.
    var orphans: [Descendants.Found] { descendants.allOrphans }

    func forget(_ id: InstanceID) {
        trees[id]?.remove()
        trees[id] = nil
    }

    /// Nothing will be started any more, and nothing is left.
    func close() {
        if case .success(let home) = home { home.close() }
    }
}
