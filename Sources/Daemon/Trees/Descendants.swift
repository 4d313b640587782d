internal import LinuxSystem
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// Finds what a program has started, where there is no cgroup to tell.
///
/// A process that loses its parent becomes a child of keepd, the subreaper. So, once the main
/// process of a program is gone, all that is left of the program lies below children of keepd that
/// keepd did not start. To whom such an orphan belongs is seen by its session or group, if they are
/// still those of a main process, else by what was noted when its parent was still there, else by
/// the mark in its environment (``Launcher/Mark``), else by the pipes that it writes into. The last
/// is for those that have a session of their own and put a title where their environment was, as
/// PostgreSQL's do, and for those that are just being executed and have no environment yet. One
/// that has changed all of these is recognised as a stray, and dies with keepd.
final class Descendants {
    /// A process, as it was found; a later one with its number is another.
    struct Found: Hashable, Codable, Sendable {
        let process: ProcessID
        let startTime: UInt64
        let group: Int32

        /// Sends the signal, unless the process has gone.
        func send(_ signal: Signal) {
            guard let pidfd = try? PidFD(opening: process),
                // The number may have been given away before the descriptor was opened.
                ProcessTable.entry(of: process)?.startTime == startTime
            else { return }
            try? pidfd.send(signal)
        }
    }

    /// How often to look again for those that have come meanwhile.
    private static let looksMax = 1_000

    /// Whether keepd started the process, and has not reaped it.
    private let isStarted: (ProcessID) -> Bool
    private let mains: MainProcesses
    /// Who is to be told when an orphan has ended.
    var waiting: [InstanceID: () -> Void] = [:]
    /// Whose a process is, as far as it was seen before it lost its parent.
    private var noted: [Found: InstanceID] = [:]
    /// The pipes with which main processes were born as their outputs, as /proc names them.
    private var outlets: [String: InstanceID] = [:]
    /// What was last seen, by owner; `nil` is the owner of strays.
    private var lastLook: [InstanceID?: [Found]]?

    init(mains: MainProcesses, isStarted: @escaping (ProcessID) -> Bool) {
        self.mains = mains
        self.isStarted = isStarted
    }

    /// An orphan has been reaped.
    func orphanEnded() {
        for tell in waiting.values { tell() }
    }

    /// Forgets what was last seen: whoever asks next has it looked for again.
    func lookAgain() {
        lastLook = nil
    }

    /// What an instance has left behind.
    func orphans(of id: InstanceID) -> [Found] { orphans[id] ?? [] }

    /// All that anybody has left behind.
    var allOrphans: [Found] { orphans.values.flatMap(\.self) }

    private var orphans: [InstanceID?: [Found]] {
        if let lastLook { return lastLook }
        let look = look()
        lastLook = look
        return look
    }

    /// Notes all that lies below the main process of a run.
    func note(below main: ProcessID, of instance: InstanceID) -> [Found] {
        let found = Descendants.below(main)
        for process in found { noted[process] = instance }
        return found
    }

    /// Remembers the pipes by which those that a main process starts can be recognised.
    ///
    /// What keepd itself writes into, a program may have inherited, and tells nothing.
    func noteOutlets(of main: ProcessID, as id: InstanceID) {
        let shared = Descendants.outlets(of: ProcessTable.current)
        for outlet in Descendants.outlets(of: main) where !shared.contains(outlet) {
            outlets[outlet] = id
        }
    }

    /// An instance whose pipes are closed, so that their names may become others'.
    func forgetOutlets(of id: InstanceID) {
        outlets = outlets.filter { $0.value != id }
    }

    // MARK: - Another daemon

    var state: (noted: [TreesState.NotedProcess], outlets: [TreesState.Outlet]) {
        (
            noted.map { TreesState.NotedProcess(found: $0.key, instance: $0.value) },
            outlets.map { TreesState.Outlet(name: $0.key, instance: $0.value) }
        )
    }

    func restore(_ state: TreesState) {
        for entry in state.noted { noted[entry.found] = entry.instance }
        for outlet in state.outlets { outlets[outlet.name] = outlet.instance }
    }

    private static func outlets(of process: ProcessID) -> [String] {
        [1, 2].compactMap { ProcessTable.openFile($0, of: process) }
            .filter { $0.hasPrefix("pipe:") }
    }

    private func look() -> [InstanceID?: [Found]] {
        var found: [InstanceID?: Set<Found>] = [:]
        var seen: Set<ProcessID> = []
        // One whose parent ends meanwhile becomes a child of keepd, and has been missed. None is
        // reaped while this goes on, so that the list can only grow.
        for _ in 0..<Descendants.looksMax {
            let new = mains.orphans(isStarted: isStarted).filter { seen.insert($0).inserted }
            if new.isEmpty { break }
            found.merge(families(of: new)) { $0.union($1) }
        }
        let orphans = found.mapValues { $0.sorted { $0.process.rawValue < $1.process.rawValue } }
        let alive = Set(orphans.values.flatMap(\.self))
        noted = noted.filter {
            alive.contains($0.key) || Descendants.find($0.key.process) == $0.key
        }
        return orphans
    }

    private func families(of children: [ProcessID]) -> [InstanceID?: Set<Found>] {
        var families: [InstanceID?: Set<Found>] = [:]
        for child in children {
            guard let orphan = Descendants.find(child) else { continue }
            let family = [orphan] + Descendants.below(child)
            let owner = owner(of: orphan)
            // A process that is about to end has no environment any more, and yet its files: who
            // has been recognised once has to stay so until it is gone.
            if let owner { for process in family { noted[process] = owner } }
            families[owner, default: []].formUnion(family)
        }
        return families
    }

    private func owner(of orphan: Found) -> InstanceID? {
        let entry = ProcessTable.entry(of: orphan.process)
        return entry.flatMap { mains.owner(ofFamilyOf: $0) }
            ?? noted[orphan]
            ?? Launcher.Mark.instance(in: ProcessTable.environment(of: orphan.process))
            ?? Descendants.outlets(of: orphan.process).lazy.compactMap { self.outlets[$0] }.first
    }

    /// All that a process has started, as far as none of it has lost its parent.
    static func below(_ process: ProcessID) -> [Found] {
        ProcessTable.children(of: process).flatMap { child in
            [find(child)].compactMap(\.self) + below(child)
        }
    }

    /// `nil` for one that has ended.
    static func find(_ process: ProcessID) -> Found? {
        guard let entry = ProcessTable.entry(of: process), !entry.hasEnded else { return nil }
        return Found(process: process, startTime: entry.startTime, group: entry.group)
    }
}
