internal import LinuxSystem
internal import Synchronization
internal import SystemPackage
internal import SystemTypes

/// A call that holds up its loop; see ``EventLoop/watchStalls(longerThan:report:)``.
public struct Stall: Sendable {
    /// Where the call was registered; `nil` for a step of a task or an event of a transport.
    public let place: Place?
    /// So far.
    public let duration: Duration
    /// Whether the call has returned; if not, it holds the loop still.
    public let isOver: Bool
}

/// The call that a loop makes at this moment, for another thread to see.
final class PresentCall: Sendable {
    /// On CLOCK_MONOTONIC; 0 for none.
    private let since = Atomic<Int64>(0)
    private let place = Atomic<UInt64>(0)

    /// - Returns: The call around this one, for ``restore(_:)``.
    func begin(_ place: Place?, at now: Int64) -> (Int64, UInt64) {
        let outer = (since.load(ordering: .relaxed), self.place.load(ordering: .relaxed))
        self.place.store(place?.raw ?? outer.1, ordering: .relaxed)
        since.store(now, ordering: .releasing)
        return outer
    }

    func restore(_ outer: (Int64, UInt64)) {
        since.store(outer.0, ordering: .relaxed)
        place.store(outer.1, ordering: .releasing)
    }

    /// What has been going on since when; the place may be that of a call that has just begun.
    var value: (since: Int64, place: Place?) {
        let since = since.load(ordering: .acquiring)
        let place = place.load(ordering: .acquiring)
        return (since, place == 0 ? nil : Place(raw: place))
    }
}

/// A thread with a loop of its own that looks at another loop's present call.
final class StallWatch: @unchecked Sendable {
    private let loop: EventLoop
    private let threshold: Duration
    private let report: @Sendable (Stall) -> Void
    /// Whether a call within the present one was told of when it was over; the watched loop's
    /// thread only.
    private var isTold = false

    init(
        _ threshold: Duration,
        of call: PresentCall,
        _ report: @escaping @Sendable (Stall) -> Void
    ) throws(Errno) {
        precondition(threshold > .zero, "not a duration: \(threshold)")
        let loop = try EventLoop(simulation: nil)
        self.loop = loop
        self.threshold = threshold
        self.report = report
        try Thread(name: "stalls") {
            var (watched, next) = (Int64.zero, threshold)
            loop.callRepeatedly(every: threshold / 2) {
                let (since, place) = call.value
                if since != watched { (watched, next) = (since, threshold) }
                let duration = Duration.nanoseconds(Instant.now.nanoseconds - since)
                guard since != 0, duration >= next else { return }
                next = duration * 2
                report(Stall(place: place, duration: duration, isOver: false))
            }
            loop.run()
            loop.close()
        }.detach()
    }

    /// To be told on the watched loop's thread.
    ///
    /// - Parameter isWithin: Whether it was made by a call that goes on.
    func ended(_ place: Place?, after duration: Duration, isWithin: Bool) {
        if duration >= threshold, !isTold {
            isTold = true
            report(Stall(place: place, duration: duration, isOver: true))
        }
        if !isWithin { isTold = false }
    }

    func end() {
        // Posted, for the thread may not have begun to run the loop.
        loop.post { [loop] in loop.stop() }
    }
}
