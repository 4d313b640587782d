internal import Glibc
public import SystemPackage

/// Tells when the last process of a group has gone, or the group has been frozen.
///
/// A poller sees ``raw`` as urgent (`EPOLLPRI`) until it is first read, and whenever one of the two
/// has changed since; level-triggered. Inotify works as well, but one user has only 128 of those.
///
/// Source: `cgroup.events`, cgroups(7); kernfs_generic_poll() gives EPOLLERR with it, always.
public struct CgroupEvents: ~Copyable, Sendable {
    /// What the file says.
    public struct State: Equatable, Sendable {
        /// Whether there is a process in the group or below it; a zombie does not count.
        public let isPopulated: Bool
        /// Whether all of them stand still.
        public let isFrozen: Bool

        /// `nil` if the text does not say whether it is populated.
        init?(_ text: String) {
            let counts = CgroupCounts(text)
            guard let populated = counts["populated"] else { return nil }
            isPopulated = populated != 0
            isFrozen = counts["frozen", default: 0] != 0
        }
    }

    private let fd: OwnedFD

    public init(of cgroup: Cgroup) throws(Errno) {
        fd = try Files.openForReading(cgroup.directory + "/cgroup.events")
    }

    public var raw: CInt { fd.raw }

    /// - Throws: `.operationNotSupportedByDevice` once the group has been removed.
    public func read() throws(Errno) -> State {
        // Two lines of at most eleven bytes.
        var text = SIMD64<UInt8>()
        let count = try withUnsafeMutableBytes(of: &text) { buffer throws(Errno) in
            try fd.read(into: buffer, at: 0)
        }
        let state = withUnsafeBytes(of: &text) {
            State(String(decoding: $0.prefix(count), as: UTF8.self))
        }
        guard let state else { throw .badMessage }
        return state
    }
}
