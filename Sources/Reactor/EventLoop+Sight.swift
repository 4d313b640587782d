internal import LinuxSystem
public import SystemPackage
internal import SystemTypes

extension EventLoop {
    /// What the loop has done so far.
    public var metrics: Metrics {
        var metrics = counters
        (metrics.posts, metrics.wakeUps) = inbox.counts
        metrics.timers = timers.count
        return metrics
    }

    /// Reports calls that hold the loop for `threshold`, while they still do.
    ///
    /// It takes a thread, which looks twice in that time, until the loop is closed; and the loop
    /// ``isMeasuring`` from now on.
    ///
    /// - Parameters:
    ///   - threshold: Greater than zero.
    ///   - report: Called on that thread for each such call, and again whenever it has lasted twice
    ///     as long; and on the loop's thread when it is over.
    /// - Throws: `.tooManyOpenFiles`, `.resourceTemporarilyUnavailable`: there is no such thread.
    public func watchStalls(
        longerThan threshold: Duration,
        report: @escaping @Sendable (Stall) -> Void
    ) throws(Errno) {
        precondition(!isClosed, "the loop is closed")
        stallWatch?.end()
        isTiming = true
        stallWatch = try StallWatch(threshold, of: presentCall, report)
    }

    static let isDebugging = ProcessEnvironment.variables["REACTOR_DEBUG"]?.isEmpty == false

    /// Writes a line to standard error about each call that holds the loop for long.
    func reportStalls() throws(Errno) {
        try watchStalls(longerThan: .milliseconds(100)) { stall in
            let place =
                stall.place.map { "a call registered at \($0)" } ?? "a step of a task or an event"
            let verb = stall.isOver ? "was" : "is"
            EventLoop.complain("the event loop \(verb) held up for \(stall.duration) by \(place)")
        }
    }

    /// Does `body`, and has the failure reported if it throws.
    @inline(__always)
    func attempt(
        _ body: () throws -> Void,
        _ source: FailureContext.Source,
        _ place: Place
    ) {
        guard !isTiming else {
            return measure(place) { attemptUnmeasured(body, source, place) }
        }
        attemptUnmeasured(body, source, place)
    }

    @inline(__always)
    private func attemptUnmeasured(
        _ body: () throws -> Void,
        _ source: FailureContext.Source,
        _ place: Place
    ) {
        do {
            try body()
        } catch {
            report(FailureContext(error: error, source: source, place: place))
        }
    }

    func measure(_ place: Place?, _ body: () -> Void) {
        let begin = Instant.now.nanoseconds
        let outer = presentCall.begin(place, at: begin)
        body()
        presentCall.restore(outer)
        let duration = Instant.now.nanoseconds - begin
        counters.note(lag: begin - readySince.nanoseconds, duration: duration, place)
        stallWatch?.ended(place, after: .nanoseconds(duration), isWithin: outer.0 != 0)
    }

    /// The tasks, timers, descriptors and children of the loop, as lines of text; for a log.
    public func dump() -> String {
        let now = now
        var lines = ["tasks: \(runningTasks.count)"]
        lines += runningTasks.map { "  \($0.name ?? "-") for \($0.age)" }
        lines.append("timers: \(timers.count)")
        timers.forEach { timer in
            let distance = Instant(nanoseconds: timer.deadline) - now
            lines.append("  in \(distance) from \(timer.place)")
        }
        let registrations = registrations.all
        lines.append("descriptors: \(registrations.count)")
        lines += registrations.map { "  \($0.fd) for \($0.interest.rawValue)" }
        lines.append("children: \(children.count)")
        lines += children.keys.map { "  \($0)" }
        return lines.joined(separator: "\n")
    }
}
