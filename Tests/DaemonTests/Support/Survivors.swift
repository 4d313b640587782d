import Foundation
import LinuxSystem
import SystemTypes

/// Processes that a daemon has started, found without asking it.
enum Survivors {
    /// All that carry the path of a daemon's socket in their environment, and have not ended.
    static func find(startedBy socketPath: String) -> [ProcessID] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.map(ProcessID.init(rawValue:))
            .filter { isAlive($0) && isMarked($0, socketPath) }
    }

    static func isAlive(_ process: ProcessID) -> Bool {
        ProcessTable.entry(of: process).map { !$0.hasEnded } ?? false
    }

    private static func isMarked(_ process: ProcessID, _ socketPath: String) -> Bool {
        ProcessTable.environment(of: process).contains("KEEPD_SOCKET=\(socketPath)")
    }

    /// Kills it, unless its number has become somebody else's.
    static func kill(_ process: ProcessID, of socketPath: String) {
        guard let pidfd = try? PidFD(opening: process), isMarked(process, socketPath) else {
            return
        }
        try? pidfd.send(.kill)
    }
}
