internal import SystemTypes

extension EventLoop {
    /// Runs `body` again and again, until the timer is cancelled.
    ///
    /// Each deadline is a whole number of intervals after the first: delays do not add up. Those
    /// that have passed by the time that the loop gets to it are left out, not made up for.
    ///
    /// - Parameters:
    ///   - interval: Greater than zero.
    ///   - delay: Until the first run; `nil` for one interval.
    /// - Returns: A handle whose deadline is that of the next run.
    @discardableResult
    public func callRepeatedly(
        every interval: Duration,
        startingAfter delay: Duration? = nil,
        _ body: @escaping () throws -> Void,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> TimerHandle {
        let nanoseconds = interval.nanoseconds
        precondition(nanoseconds > 0, "not an interval: \(interval)")
        let now = now
        return schedule(
            body,
            at: now + (delay ?? interval),
            every: nanoseconds,
            Place(file, line),
            now: now
        )
    }
}
