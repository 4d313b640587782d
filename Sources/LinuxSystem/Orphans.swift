internal import CLinux
internal import Glibc
public import SystemPackage
public import SystemTypes

/// Descendants whose parent has ended become children of the nearest subreaper above them.
///
/// Source: prctl(2), `PR_SET_CHILD_SUBREAPER`, Linux 3.4.
public enum Orphans {
    /// Makes this process the parent of its orphaned descendants.
    public static func adopt() throws(Errno) {
        try syscall { clinux_become_subreaper() }
    }

    /// Which child has ended and is not reaped yet; `nil` if there is none.
    public static func nextExited() -> ProcessID? {
        let process = clinux_peek_exited()
        return process > 0 ? ProcessID(rawValue: process) : nil
    }

    /// Sends to a child, which keeps its number as long as this process does not reap it.
    public static func send(_ signal: Signal, to child: ProcessID) {
        _ = kill(child.rawValue, signal.rawValue)
    }

    /// Reaps a child that has ended.
    ///
    /// - Returns: How it did; `nil` if it is reaped already.
    @discardableResult
    public static func reap(_ process: ProcessID) -> ExitStatus? {
        var record = clinux_ended()
        guard clinux_reap(process.rawValue, &record) == 0, record.code != 0 else { return nil }
        return ExitStatus(code: record.code, status: record.status)
    }
}
