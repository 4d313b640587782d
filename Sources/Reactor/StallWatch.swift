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
final class StallWatch: Sendable {
    private let loop: EventLoop

    init(
        _ threshold: Duration,
        of call: PresentCall,
        _ report: @escaping @Sendable (Stall) -> Void
    ) throws(Errno) {
        precondition(threshold > .zero, "not a duration: \(threshold)")
        let loop = try EventLoop(simulation: nil)
        self.loop = loop
        try Thread(name: "stalls") {
            var reported: Int64 = 0
            loop.callRepeatedly(every: threshold / 2) {
                let (since, place) = call.value
                let duration = Duration.nanoseconds(Instant.now.nanoseconds - since)
                guard since != 0, since != reported, duration >= threshold else { return }
                reported = since
                report(Stall(place: place, duration: duration))
            }
            loop.run()
            loop.close()
        }.detach()
    }

    func end() {
        // Posted, for the thread may not have begun to run the loop.
        loop.post { [loop] in loop.stop() }
    }
}
