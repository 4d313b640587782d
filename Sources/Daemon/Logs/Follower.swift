internal import Supervision

/// One reader of a stream; never the same for two.
struct FollowerID: Hashable, Sendable {
    let number: UInt64
}

/// What a follower is given at a time.
struct FollowedChunk: Sendable {
    /// How many bytes before these ones it did not get.
    let missed: Int
    let bytes: [UInt8]
    /// Whether a run has ended behind them, within a line.
    var endsRun = false
}

/// A reader that wants all that comes.
///
/// It never slows a program. It gets a credit of bytes; while that is used up, what comes is
/// counted and not kept.
final class Follower {
    private static let credit = 524_288
    private static let chunkSize = 65_536

    let id: FollowerID
    private let deliver: @Sendable (FollowedChunk) -> Void
    private var inFlight = 0
    /// How many bytes it has not got and has not been told of.
    private(set) var missed = 0
    /// As it may be, before anything has come.
    private var isWithinLine = true

    init(_ id: FollowerID, deliver: @escaping @Sendable (FollowedChunk) -> Void) {
        self.id = id
        self.deliver = deliver
    }

    func offer(_ bytes: RawSpan) {
        var rest = bytes
        isWithinLine = bytes.endsWithinLine
        while !rest.isEmpty {
            let chunk = rest.extracting(first: Follower.chunkSize)
            guard inFlight + chunk.byteCount <= Follower.credit else {
                missed += rest.byteCount
                return
            }
            inFlight += chunk.byteCount
            deliver(FollowedChunk(missed: missed, bytes: chunk.withUnsafeBytes { Array($0) }))
            missed = 0
            rest = rest.extracting(chunk.byteCount...)
        }
    }

    /// Tells it that a run is over; where bytes are missing, it will hear of those in any case.
    func endRun() {
        guard isWithinLine, missed == 0 else { return }
        isWithinLine = false
        deliver(FollowedChunk(missed: 0, bytes: [], endsRun: true))
    }

    /// Says that it has passed on that many bytes, and can take as many again.
    func acknowledge(_ count: Int) {
        inFlight -= count
        // A reader that is idle is told at once what it missed.
        guard inFlight == 0, missed > 0 else { return }
        deliver(FollowedChunk(missed: missed, bytes: []))
        missed = 0
    }
}
