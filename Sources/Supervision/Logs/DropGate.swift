/// What is passed on and what is dropped, when an output does not keep up and nobody may wait.
///
/// Whole lines are dropped, where there are lines, and in their place comes one that says how much
/// there was.
public struct DropGate: Equatable, Sendable, Codable {
    /// What has been dropped.
    public struct Loss: Equatable, Sendable, Codable {
        public var bytes = 0
        /// Ends of lines.
        public var lines = 0

        public init(bytes: Int = 0, lines: Int = 0) {
            (self.bytes, self.lines) = (bytes, lines)
        }
    }

    /// Since the last marker; `nil` while all is passed on.
    private var loss: Loss?
    /// Whether what was passed on last has come to the end of a line.
    private var isPassedLineComplete = true
    /// Whether what was dropped last has.
    private var isDroppedLineComplete = true

    public init() {}

    public var isDropping: Bool { loss != nil }

    /// Decides about bytes that have come.
    ///
    /// - Parameters:
    ///   - room: How many can be passed on.
    ///   - stamp: What stands before a line.
    ///   - pass: Gets what is passed on; markers, which are short, beyond `room`.
    /// - Returns: What of them is dropped.
    public mutating func append(
        _ bytes: RawSpan,
        room: Int,
        stamp: [UInt8] = [],
        pass: (RawSpan) -> Void
    ) -> Loss {
        guard loss != nil else {
            guard bytes.byteCount > room else {
                self.pass(bytes, to: pass)
                return Loss()
            }
            let end = bytes.extracting(first: max(0, room)).lastNewline.map { $0 + 1 } ?? 0
            self.pass(bytes.extracting(..<end), to: pass)
            return drop(bytes.extracting(end...))
        }
        let start = isDroppedLineComplete ? 0 : bytes.newline(from: 0).map { $0 + 1 }
        guard let start, bytes.byteCount - start <= room else { return drop(bytes) }
        let dropped = drop(bytes.extracting(..<start))
        resume(stamp: stamp, pass: pass)
        self.pass(bytes.extracting(start...), to: pass)
        return dropped
    }

    /// Writes the marker as soon as there is room, if that does not tear a line apart.
    public mutating func resume(stamp: [UInt8] = [], pass: (RawSpan) -> Void) {
        guard let loss, isDroppedLineComplete else { return }
        self.loss = nil
        let text = "keepd: \(loss.lines) lines (\(loss.bytes) bytes) dropped here\n"
        let marker = (isPassedLineComplete ? [] : [UInt8(ascii: "\n")]) + stamp + Array(text.utf8)
        self.pass(marker.span.bytes, to: pass)
    }

    /// Takes note that a line that is not complete never will be.
    public mutating func endOfRun() {
        isDroppedLineComplete = true
    }

    private mutating func pass(_ bytes: RawSpan, to pass: (RawSpan) -> Void) {
        guard let last = bytes.lastByte else { return }
        isPassedLineComplete = last == UInt8(ascii: "\n")
        pass(bytes)
    }

    private mutating func drop(_ bytes: RawSpan) -> Loss {
        let dropped = Loss(bytes: bytes.byteCount, lines: bytes.newlineCount)
        if let last = bytes.lastByte { isDroppedLineComplete = last == UInt8(ascii: "\n") }
        let before = loss ?? Loss()
        loss = Loss(bytes: before.bytes + dropped.bytes, lines: before.lines + dropped.lines)
        return dropped
    }
}

extension RawSpan {
    fileprivate var lastByte: UInt8? {
        isEmpty ? nil : unsafeLoad(fromByteOffset: byteCount - 1, as: UInt8.self)
    }
}
