internal import SystemTypes

/// What a loop has done so far; see ``EventLoop/metrics``.
public struct Metrics: Sendable {
    /// Each with a batch of calls, and mostly without a look at the descriptors.
    public internal(set) var iterations = 0
    /// Calls, timers and steps of tasks.
    public internal(set) var calls = 0
    /// Spent asleep, waiting for descriptors, deadlines and posts.
    public internal(set) var idle = Duration.zero
    /// Calls and steps of tasks that other threads wanted run.
    public internal(set) var posts = 0
    /// Posts that had to wake the loop.
    public internal(set) var wakeUps = 0
    /// Posts for which it was awake, or had been woken already.
    public var coalesced: Int { posts - wakeUps }
    /// Timers that have not been run.
    public internal(set) var timers = 0
    /// How long calls waited, at the most, from the moment at which they could have run: element
    /// `n` counts those below 2ⁿ nanoseconds, and not below half of it.
    ///
    /// Empty unless the loop ``EventLoop/isMeasuring``, as all below.
    public internal(set) var lags: [Int] = []
    /// How long that has held the loop.
    public internal(set) var longestCall = Duration.zero
    /// Where that was registered; `nil` for a step of a task or an event of a transport.
    public internal(set) var longestCallPlace: Place?

    mutating func note(lag: Int64, duration: Int64, _ place: Place?) {
        if lags.isEmpty { lags = [Int](repeating: 0, count: Int64.bitWidth) }
        lags[Int64.bitWidth - max(0, lag).leadingZeroBitCount] += 1
        guard duration > longestCall.nanoseconds else { return }
        longestCall = .nanoseconds(duration)
        longestCallPlace = place
    }
}
