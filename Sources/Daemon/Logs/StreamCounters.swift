internal import Supervision
internal import Synchronization
internal import SystemTypes

/// What has come out of a stream and what became of it; written by log loops, read by the other one.
final class StreamCounters: Sendable {
    let bytes = Atomic(0)
    /// Ends of lines.
    let lines = Atomic(0)
    let droppedBytes = Atomic(0)
    let droppedLines = Atomic(0)
    /// Of its file.
    let rotations = Atomic(0)
    /// The program's main process; 0 while there is none, or none that is known of yet.
    let process = Atomic<Int32>(0)
    /// How long its output took nothing, in nanoseconds.
    let stalled = Atomic<Int64>(0)
    /// Since when, on CLOCK_MONOTONIC, if it does so now; else 0.
    let stalledSince = Atomic<Int64>(0)

    /// As they are at one moment.
    struct Numbers: Codable, Sendable {
        var bytes = 0
        var lines = 0
        var droppedBytes = 0
        var droppedLines = 0
        var rotations = 0
        var stalled: Int64 = 0
    }

    init() {}

    /// Goes on counting.
    init(_ numbers: Numbers) {
        bytes.store(numbers.bytes, ordering: .relaxed)
        lines.store(numbers.lines, ordering: .relaxed)
        droppedBytes.store(numbers.droppedBytes, ordering: .relaxed)
        droppedLines.store(numbers.droppedLines, ordering: .relaxed)
        rotations.store(numbers.rotations, ordering: .relaxed)
        stalled.store(numbers.stalled, ordering: .relaxed)
    }

    var numbers: Numbers {
        Numbers(
            bytes: bytes.load(ordering: .relaxed),
            lines: lines.load(ordering: .relaxed),
            droppedBytes: droppedBytes.load(ordering: .relaxed),
            droppedLines: droppedLines.load(ordering: .relaxed),
            rotations: rotations.load(ordering: .relaxed),
            stalled: stalled.load(ordering: .relaxed)
        )
    }

    func count(_ bytes: RawSpan) {
        self.bytes.add(bytes.byteCount, ordering: .relaxed)
        lines.add(bytes.newlineCount, ordering: .relaxed)
    }

    func count(_ loss: DropGate.Loss) {
        guard loss.bytes > 0 else { return }
        droppedBytes.add(loss.bytes, ordering: .relaxed)
        droppedLines.add(loss.lines, ordering: .relaxed)
    }

    func stallBegan(at now: Instant) {
        stalledSince.store(now.nanoseconds, ordering: .relaxed)
    }

    func stallEnded(at now: Instant) {
        let since = stalledSince.exchange(0, ordering: .relaxed)
        guard since > 0 else { return }
        stalled.add(now.nanoseconds - since, ordering: .relaxed)
    }

    /// All in all, what goes on included.
    func stallTime(at now: Instant) -> Duration {
        let since = stalledSince.load(ordering: .relaxed)
        let present = since > 0 ? max(0, now.nanoseconds - since) : 0
        return .nanoseconds(stalled.load(ordering: .relaxed) + present)
    }
}

extension StreamCounters.Numbers: Templated {
    static let template = StreamCounters.Numbers()
}
