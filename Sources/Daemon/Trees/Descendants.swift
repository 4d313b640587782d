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
/// the mark in its environment (``Launcher/Mark``). One that has changed all three is recognised
/// as a stray, and dies with keepd.
final class Descendants {
    /// A process, as it was found; a later one with its number is another.
    struct Found: Hashable {
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

    /// How often to look again for one that has moved.
    private static let looksMax = 8

    /// Whether keepd started the process, and has not reaped it.
    private let isStarted: (ProcessID) -> Bool
    private let mains: MainProcesses
    /// Who is to be told when an orphan has ended.
    var waiting: [InstanceID: () -> Void] = [:]
    /// Whose a process is, as far as it was seen before it lost its parent.
    private var noted: [Found: InstanceID] = [:]
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

    private func look() -> [InstanceID?: [Found]] {
        var children = ProcessTable.children(of: ProcessTable.current)
        var orphans = families(of: children.filter { !isStarted($0) })
        // One whose parent ends meanwhile becomes a child of keepd, and has been missed. Where that
        // never stops there is somebody left in any case.
        for _ in 1..<Descendants.looksMax {
            let after = ProcessTable.children(of: ProcessTable.current)
            if after == children { break }
            children = after
            orphans = families(of: children.filter { !isStarted($0) })
        }
        let alive = Set(orphans.values.flatMap(\.self))
        noted = noted.filter {
            alive.contains($0.key) || Descendants.find($0.key.process) == $0.key
        }
        return orphans
    }

    private func families(of children: [ProcessID]) -> [InstanceID?: [Found]] {
        var families: [InstanceID?: [Found]] = [:]
        for child in children {
            guard let orphan = Descendants.find(child) else { continue }
            let family = [orphan] + Descendants.below(child)
            let owner = owner(of: orphan)
            // A process that is about to end has no environment any more, and yet its files: who
            // has been recognised once has to stay so until it is gone.
            if let owner { for process in family { noted[process] = owner } }
            families[owner, default: []] += family
        }
        return families
    }

    private func owner(of orphan: Found) -> InstanceID? {
        let entry = ProcessTable.entry(of: orphan.process)
        return entry.flatMap { mains.owner(ofFamilyOf: $0) }
            ?? noted[orphan]
            ?? Launcher.Mark.instance(in: ProcessTable.environment(of: orphan.process))
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
