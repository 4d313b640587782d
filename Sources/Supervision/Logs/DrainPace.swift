public import SystemTypes

/// When a pipe is read again.
///
/// A lone line is read at once. Of a pipe that many small writes go into each of them would be read
/// by itself, and would have to wake both sides; it is left alone for a moment instead, as long as
/// it cannot fill up in that time. A writer that fills it nevertheless gets a larger one, and is
/// followed as fast as it goes.
public struct DrainPace: Equatable, Sendable {
    public enum Step: Equatable, Sendable {
        /// Read as soon as there is anything.
        case watch
        /// Read after that time, whatever there is by then.
        case rest(Duration)
    }

    /// The longest rest: what a line may have to wait that does not come alone.
    public static let restMax = Duration.milliseconds(1)
    /// A shorter one is not worth its timer.
    private static let restMin = Duration.microseconds(100)

    /// How much the pipe holds.
    public private(set) var capacity: Int
    private var capacityMax: Int
    /// How large the pipe should be; `nil` if it is large enough.
    public private(set) var capacityWanted: Int?
    /// When it was last found empty, or had been emptied.
    private var emptied: Instant?

    public init(capacity: Int, capacityMax: Int) {
        precondition(capacity > 0 && capacityMax >= capacity)
        self.capacity = capacity
        self.capacityMax = capacityMax
    }

    /// What comes after a pipe has been emptied.
    ///
    /// - Parameter count: How many bytes were in it.
    public mutating func step(after count: Int, at now: Instant) -> Step {
        let last = emptied
        emptied = now
        guard let last, count > 0 else { return .watch }
        let elapsed = now - last
        guard elapsed <= DrainPace.restMax * 2 else { return .watch }
        // Half full is as far as it may come meanwhile.
        let nanoseconds = Double(capacity / 2) / Double(count) * Double(elapsed.nanoseconds)
        if nanoseconds >= Double(DrainPace.restMax.nanoseconds) { return .rest(DrainPace.restMax) }
        if capacity < capacityMax { capacityWanted = min(capacityMax, capacity * 4) }
        let rest = Duration.nanoseconds(Int64(nanoseconds))
        return rest >= DrainPace.restMin ? .rest(rest) : .watch
    }

    /// Takes note of what has come of ``capacityWanted``.
    ///
    /// - Parameter capacity: `nil` where a larger pipe was refused, which is then not asked for again.
    public mutating func widened(to capacity: Int?) {
        if let capacity {
            self.capacity = max(self.capacity, capacity)
        } else {
            capacityMax = self.capacity
        }
        capacityWanted = nil
    }
}
