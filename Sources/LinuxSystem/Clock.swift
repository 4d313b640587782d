internal import Glibc
public import SystemTypes

extension Instant {
    /// The present, on CLOCK_MONOTONIC.
    public static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}

extension Instant {
    /// The present at the last tick of the kernel, some milliseconds ago at the most, and cheaper.
    ///
    /// Source: `clock_gettime(2)`, CLOCK_MONOTONIC_COARSE.
    public static var lastTick: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}

extension WallTime {
    public static var now: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// By how much that clock is ahead of the one of `Instant`, until either it is set or the machine
    /// sleeps; see ``TimerFD``.
    public static var lead: Duration {
        .nanoseconds(WallTime.now.nanoseconds - Instant.now.nanoseconds)
    }

    /// What a wall clock showed at `instant`, if it has not been set since.
    public init(_ instant: Instant) {
        self.init(nanoseconds: WallTime.now.nanoseconds + (instant - .now).nanoseconds)
    }

    /// As `2026-11-22T22:40:01.123Z`.
    ///
    /// Source: RFC 3339.
    public var rfc3339: String {
        var seconds = time_t(nanoseconds / 1_000_000_000)
        let milliseconds = nanoseconds / 1_000_000 % 1_000
        var date = tm()
        gmtime_r(&seconds, &date)
        func padded(_ number: some BinaryInteger, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let day = [
            padded(date.tm_year + 1900, 4), padded(date.tm_mon + 1, 2), padded(date.tm_mday, 2),
        ].joined(separator: "-")
        let time = [padded(date.tm_hour, 2), padded(date.tm_min, 2), padded(date.tm_sec, 2)]
            .joined(separator: ":")
        return "\(day)T\(time).\(padded(milliseconds, 3))Z"
    }
}
