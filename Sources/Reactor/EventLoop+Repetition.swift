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
    /// - Returns: What ``cancel(_:)`` takes; its deadline is that of the next run.
    @discardableResult
    public func callRepeatedly(
        every interval: Duration,
        startingAfter delay: Duration? = nil,
        _ body: @escaping () -> Void
    ) -> TimerHandle {
        precondition(interval.nanoseconds > 0, "not an interval: \(interval)")
        let timer = RepeatingTimer(
            first: now + (delay ?? interval),
            every: interval,
            on: self,
            body
        )
        schedule(timer)
        return timer
    }
}

private final class RepeatingTimer: TimerHandle {
    private let interval: Duration
    private unowned let loop: EventLoop
    /// `nil` once it is cancelled.
    private var action: (() -> Void)?

    init(
        first: Instant,
        every interval: Duration,
        on loop: EventLoop,
        _ action: @escaping () -> Void
    ) {
        self.interval = interval
        self.loop = loop
        self.action = action
        super.init(deadline: first) {}
    }

    override func cancel() {
        action = nil
    }

    override func run() {
        guard let action else { return }
        let missed = (loop.now - deadline).nanoseconds / interval.nanoseconds
        deadline = deadline + interval * (missed + 1)
        loop.schedule(self)
        action()
    }
}
