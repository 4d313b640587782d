internal import LinuxSystem
internal import Supervision
internal import SystemTypes

/// The main processes of all runs, also those that are reaped and have survivors.
final class MainProcesses {
    /// How far up a process is followed.
    private static let ancestorsMax = 64

    private var owners: [ProcessID: InstanceID] = [:]

    /// Whose main process that is, `nil` for one of nobody; to be unset when its tree is gone, for
    /// the number may become another's.
    subscript(process: ProcessID) -> InstanceID? {
        get { owners[process] }
        set { owners[process] = newValue }
    }

    /// The instance that a process belongs to: that of the main process it descends from.
    func owner(of process: ProcessID) -> InstanceID? {
        var next = process
        for _ in 0..<MainProcesses.ancestorsMax {
            if let owner = owners[next] { return owner }
            guard let entry = ProcessTable.entry(of: next), entry.parent > 1 else { break }
            next = ProcessID(rawValue: entry.parent)
        }
        return Launcher.Mark.instance(in: ProcessTable.environment(of: process))
    }
}
