internal import CSystemd

/// What the manager of this service expects of it.
public enum ServiceWatchdog {
    /// The service is killed if it gives no sign of life for that long; `nil` if nobody waits for
    /// any.
    ///
    /// Source: sd_watchdog_enabled(3): `WATCHDOG_USEC`, if `WATCHDOG_PID` is this process or unset.
    public static var patience: Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }
}
