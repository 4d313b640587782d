internal import LinuxSystem
internal import Supervision
internal import SystemTypes

/// The main processes of all runs, also those that are reaped and have survivors.
final class MainProcesses {
    /// How far up a process is followed.
    private static let ancestorsMax = 64

    private var owners: [ProcessID: InstanceID] = [:]
    /// The process that has started keepd to outlive it, and whose children those become who were
    /// there before this keepd.
    var holder: ProcessID?

    /// All that have lost their parent and that neither keepd nor its holder has started.
    ///
    /// - Parameter isStarted: Whether keepd has started that process.
    func orphans(isStarted: (ProcessID) -> Bool) -> [ProcessID] {
        let keepd = ProcessTable.current
        let left = holder.map { ProcessTable.children(of: $0) } ?? []
        return (ProcessTable.children(of: keepd) + left).filter { $0 != keepd && !isStarted($0) }
    }

    /// Whose main process that is, `nil` for one of nobody; to be unset when its tree is gone, for
    /// the number may become another's.
    subscript(process: ProcessID) -> InstanceID? {
        get { owners[process] }
        set { owners[process] = newValue }
    }

    /// The instance that a process belongs to: that of the main process it descends from, or as
    /// which it is marked.
    ///
    /// The mark counts for orphans that keepd has adopted alone, for strangers can write it as well.
    func owner(of process: ProcessID) -> InstanceID? {
        var next = process
        for _ in 0..<MainProcesses.ancestorsMax {
            if let owner = owners[next] { return owner }
            guard let entry = ProcessTable.entry(of: next), entry.parent > 0 else { return nil }
            if [ProcessTable.current.rawValue, holder?.rawValue].contains(entry.parent) {
                return owner(ofFamilyOf: entry)
                    ?? Launcher.Mark.instance(in: ProcessTable.environment(of: process))
            }
            next = ProcessID(rawValue: entry.parent)
        }
        return nil
    }

    /// The instance whose main process began the group or the session that an orphan is in.
    func owner(ofFamilyOf orphan: ProcessTable.Entry) -> InstanceID? {
        [orphan.group, orphan.session].lazy.compactMap { self.owners[ProcessID(rawValue: $0)] }
            .first
    }
}
