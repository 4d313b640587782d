internal import Glibc
public import SystemPackage

/// Waits for one of a few descriptors, for programs that are too small for an event loop.
public enum Readiness {
    /// Waits until one can be read, or has come to its end.
    ///
    /// - Parameter timeout: `nil` for none.
    /// - Returns: Those that can, by their numbers; none if the time is over.
    ///
    /// Source: poll(2).
    public static func wait(
        for descriptors: [CInt],
        timeout: Duration? = nil
    ) throws(Errno) -> Set<CInt> {
        var requests = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let count = nfds_t(requests.count)
        try syscall(timeout: timeout) { timeout in
            let milliseconds = timeout.map { CInt(clamping: Int64($0 / .milliseconds(1))) } ?? -1
            return poll(&requests, count, milliseconds)
        }
        return Set(requests.filter { $0.revents != 0 }.map(\.fd))
    }
}
