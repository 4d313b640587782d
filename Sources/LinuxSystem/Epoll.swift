internal import CLinux
internal import Glibc
public import SystemPackage
internal import SystemTypes

/// Waits for many descriptors at once; level-triggered.
///
/// Source: epoll(7); `epoll_pwait2(2)`, Linux 5.11, for deadlines in nanoseconds.
public struct Epoll: ~Copyable {
    /// What a descriptor is ready for, or shall be watched for.
    public struct Readiness: OptionSet, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        public static let read = Readiness(rawValue: EPOLLIN.rawValue)
        public static let write = Readiness(rawValue: EPOLLOUT.rawValue)
        /// Something out of the ordinary, such as ``CgroupEvents``.
        public static let urgent = Readiness(rawValue: EPOLLPRI.rawValue)
        /// Reported whether asked for or not.
        public static let error = Readiness(rawValue: EPOLLERR.rawValue)
        /// Reported whether asked for or not: the other side is gone.
        public static let hangUp = Readiness(rawValue: EPOLLHUP.rawValue)
    }

    private let fd: OwnedFD
    private let events: UnsafeMutableBufferPointer<epoll_event>

    /// - Parameter capacity: How many descriptors are reported at a time, at the most.
    public init(capacity: Int = 128) throws(Errno) {
        fd = OwnedFD(adopting: try syscall { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        events = .allocate(capacity: capacity)
    }

    deinit {
        events.deallocate()
    }

    /// - Parameter token: Comes back with each report.
    /// - Throws: `.notPermitted` for a regular file, which is always ready.
    public func add(_ target: CInt, for readiness: Readiness, token: UInt64) throws(Errno) {
        try control(EPOLL_CTL_ADD, target, readiness, token)
    }

    public func modify(_ target: CInt, for readiness: Readiness, token: UInt64) throws(Errno) {
        try control(EPOLL_CTL_MOD, target, readiness, token)
    }

    /// Must come before `target` is closed: epoll watches the open file, not the number, and goes
    /// on as long as any duplicate of it exists.
    public func remove(_ target: CInt) throws(Errno) {
        try control(EPOLL_CTL_DEL, target, [], 0)
    }

    private func control(
        _ operation: CInt,
        _ target: CInt,
        _ readiness: Readiness,
        _ token: UInt64
    ) throws(Errno) {
        var event = epoll_event()
        event.events = readiness.rawValue
        event.data.u64 = token
        let raw = fd.raw
        try syscall { epoll_ctl(raw, operation, target, &event) }
    }

    /// Sleeps until a descriptor is ready or `timeout` is over.
    ///
    /// - Parameters:
    ///   - timeout: `nil` to wait for ever.
    ///   - report: Called for each descriptor that is ready. May change what is watched.
    public func wait(
        timeout: Duration?,
        _ report: (_ token: UInt64, Readiness) -> Void
    ) throws(Errno) {
        let (raw, events) = (fd.raw, events)
        let count = try syscall(timeout: timeout) { timeout in
            let nanoseconds = timeout.map { max(0, $0.nanoseconds) } ?? -1
            return clinux_epoll_wait(raw, events.baseAddress, CInt(events.count), nanoseconds)
        }
        for index in 0..<Int(count) {
            let event = events[index]
            report(event.data.u64, Readiness(rawValue: event.events))
        }
    }
}
