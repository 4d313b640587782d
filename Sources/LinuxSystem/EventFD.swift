internal import CLinux
internal import Glibc
public import SystemPackage

/// Wakes a sleeping loop from any thread.
///
/// Source: eventfd(2).
public struct EventFD: ~Copyable, Sendable {
    private let fd: OwnedFD

    public init() throws(Errno) {
        fd = OwnedFD(adopting: try syscall { eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK)) })
    }

    public var raw: CInt { fd.raw }

    /// Makes the descriptor readable.
    public func signal() {
        var one: UInt64 = 1
        // It fails only when the counter is full, and then the loop is awake anyway.
        _ = write(fd.raw, &one, 8)
    }

    /// Makes it unreadable again.
    public func clear() {
        var count: UInt64 = 0
        _ = read(fd.raw, &count, 8)
    }
}
