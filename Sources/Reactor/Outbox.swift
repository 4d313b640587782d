/// What was written and not yet taken by the kernel, and whether that is too much.
struct Outbox {
    /// Which of the two marks was passed.
    enum Crossing {
        case filled
        case drained
    }

    private var bytes: [UInt8] = []
    /// How many of them have gone.
    private var sent = 0
    /// More than this is too much; asyncio's number.
    private(set) var high = 65_536
    /// No more than this is little enough again.
    private(set) var low = 16_384
    private var isFull = false

    var count: Int { bytes.count - sent }
    var isEmpty: Bool { count == 0 }

    /// Lends the bytes that wait.
    func withWaiting<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.span.bytes.extracting(sent...))
    }

    /// - Precondition: `high >= low >= 0`.
    mutating func setLimits(high: Int, low: Int) {
        precondition(high >= low && low >= 0, "no water marks: high \(high), low \(low)")
        (self.high, self.low) = (high, low)
    }

    mutating func append(_ span: RawSpan) {
        span.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    mutating func append(contentsOf new: some Sequence<UInt8>) {
        bytes.append(contentsOf: new)
    }

    /// Forgets the first `count` of them.
    mutating func remove(_ count: Int) {
        sent += count
        if sent == bytes.count {
            removeAll()
        } else if sent > bytes.count / 2 {
            // No byte is moved more often than it was appended.
            bytes.removeFirst(sent)
            sent = 0
        }
    }

    mutating func removeAll() {
        bytes = []
        sent = 0
    }

    /// Whether a mark was passed since this was asked last; each is told once per crossing.
    mutating func takeCrossing() -> Crossing? {
        if !isFull, count > high {
            isFull = true
            return .filled
        }
        if isFull, count <= low {
            isFull = false
            return .drained
        }
        return nil
    }
}
