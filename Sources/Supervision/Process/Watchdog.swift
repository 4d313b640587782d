public import SystemTypes

/// Waits for the next sign of life of a program that has promised to give them.
public struct Watchdog: Equatable, Sendable, Codable {
    public let timeout: Duration
    private var lastPing: Instant

    /// The first sign is due after the timeout, as if one had been given now.
    public init(timeout: Duration, at now: Instant) {
        self.timeout = timeout
        lastPing = now
    }

    public mutating func ping(at now: Instant) {
        lastPing = max(lastPing, now)
    }

    /// When patience ends, unless there is a sign before.
    public var deadline: Instant { lastPing + timeout }

    public func hasExpired(at now: Instant) -> Bool { now >= deadline }
}
