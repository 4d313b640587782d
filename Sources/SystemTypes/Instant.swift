/// A point in time on the clock that never jumps, CLOCK_MONOTONIC.
///
/// Nanoseconds in 64 bits last for 292 years of uptime.
public struct Instant: Hashable, Sendable, Codable {
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static let zero = Instant(nanoseconds: 0)
    public static let distantFuture = Instant(nanoseconds: .max)

    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Saturates: a deadline a thousand years ahead is `distantFuture`, not a trap.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.nanoseconds)
        guard overflow else { return Instant(nanoseconds: sum) }
        return duration < .zero ? Instant(nanoseconds: .min) : .distantFuture
    }

    public static func - (left: Instant, right: Instant) -> Duration {
        let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(
            right.nanoseconds
        )
        guard overflow else { return .nanoseconds(difference) }
        return .nanoseconds(left < right ? Int64.min : Int64.max)
    }
}

extension Instant: InstantProtocol {
    public func advanced(by duration: Duration) -> Instant { self + duration }

    public func duration(to other: Instant) -> Duration { other - self }
}

extension Duration {
    /// Whole nanoseconds, saturating.
    public var nanoseconds: Int64 {
        // Of 128 bits, in one division of 64; `components` makes two of 128 of it.
        let magnitude = attoseconds.magnitude
        let (high, low) = (
            UInt64(truncatingIfNeeded: magnitude >> 64), UInt64(truncatingIfNeeded: magnitude)
        )
        // More than 63 bits are left of it, or the processor would trap.
        guard high < 500_000_000 else { return attoseconds < 0 ? .min : .max }
        let quotient = Int64((1_000_000_000 as UInt64).dividingFullWidth((high, low)).quotient)
        return attoseconds < 0 ? -quotient : quotient
    }

    /// Seconds, for showing and for arithmetic that may be inexact.
    public var inSeconds: Double { Double(nanoseconds) / 1e9 }
}
