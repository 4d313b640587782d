public import SystemTypes

/// When a scheduled program is due, whatever happens to the clock on the wall.
///
/// Runs that were missed, because the machine slept or the clock was set forward, are made up for
/// by one, at once. A clock that is set back by no more than ``tolerance`` repeats nothing: the
/// next run is still the one that was next. If it is set back further, it was wrong before, and the
/// next run is reckoned anew.
///
/// Source: cron(8) of Debian has the same three hours.
public struct Timetable: Equatable, Sendable, Codable {
    public enum Verdict: Equatable, Sendable {
        /// It is time to start the program.
        case run
        /// It would be, but the last run has not ended.
        case skipped
    }

    public static let tolerance: Duration = .seconds(3 * 3_600)

    private let expression: CronExpression
    private let zone: TimeZoneRules
    /// By how much the clock on the wall is ahead of that of ``Instant``.
    private var offset: Duration
    /// The furthest that the clock on the wall is known to have been.
    private var latest: WallTime
    /// When the program is due next; `nil` for never.
    public private(set) var next: WallTime?
    /// How many runs were left out because the one before had not ended.
    public private(set) var skips = 0

    public init(
        _ expression: CronExpression,
        in zone: TimeZoneRules,
        at now: Instant,
        offset: Duration
    ) {
        self.expression = expression
        self.zone = zone
        self.offset = offset
        latest = WallTime(nanoseconds: (now + offset).nanoseconds)
        next = expression.next(after: latest, in: zone)
    }

    /// When the timetable wants ``takeDue(at:isRunning:)``; `nil` for never.
    public var deadline: Instant? {
        next.map { .zero + (.nanoseconds($0.nanoseconds) - offset) }
    }

    /// - Parameter offset: By how much the clock on the wall is now ahead of that of ``Instant``.
    public mutating func clockSet(offset: Duration, at now: Instant) {
        latest = max(latest, wallTime(at: now))
        self.offset = offset
        let time = wallTime(at: now)
        guard latest.nanoseconds - time.nanoseconds > Timetable.tolerance.nanoseconds else {
            return
        }
        latest = time
        next = expression.next(after: time, in: zone)
    }

    /// What is to be done now; `nil` if it is not time yet.
    public mutating func takeDue(at now: Instant, isRunning: Bool) -> Verdict? {
        let time = wallTime(at: now)
        guard let due = next, time >= due else { return nil }
        latest = max(latest, time)
        next = expression.next(after: time, in: zone)
        if isRunning { skips += 1 }
        return isRunning ? .skipped : .run
    }

    private func wallTime(at now: Instant) -> WallTime {
        WallTime(nanoseconds: (now + offset).nanoseconds)
    }
}
