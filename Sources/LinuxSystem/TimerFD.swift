internal import CLinux
internal import Glibc
public import SystemPackage

/// Tells when the clock on the wall has been set, or the machine has slept.
///
/// A poller sees it as readable then. It is a timer that is never due; what it is for is that the
/// kernel cancels it. A clock that is only slowed down or sped up, as NTP does, takes the monotonic
/// one with it, and cancels nothing.
///
/// Source: timerfd_create(2), `TFD_TIMER_CANCEL_ON_SET`, Linux 3.0; timerfd_resume() in
/// kernel/time/timekeeping.c.
public struct TimerFD: ~Copyable, Sendable {
    private let fd: OwnedFD

    public init() throws(Errno) {
        fd = OwnedFD(adopting: try syscall { clinux_clock_watch() })
    }

    public var raw: CInt { fd.raw }

    /// Whether the clock has been set since this was last asked; the next time is waited for then.
    public func takeCancellation() -> Bool {
        var expirations: UInt64 = 0
        return read(fd.raw, &expirations, 8) == -1 && errno == ECANCELED
    }
}
