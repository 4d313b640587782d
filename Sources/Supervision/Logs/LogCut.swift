/// Where one log file ends and the next begins, when files have a limit.
///
/// No file grows beyond the limit, and the cut is between two lines. A line that has begun in one
/// file and does not fit is moved to the next. Only what has no end of a line for too long is cut
/// at the limit itself.
public struct LogCut: Equatable, Sendable {
    /// What is to be done next with the bytes that are there.
    public enum Step: Equatable, Sendable {
        /// So many of them go into the present file.
        case write(Int)
        /// The next file is begun, with so many bytes from the end of the present one.
        case rotate(moving: Int)
    }

    /// How much of a line can be moved.
    public static let movableMax = 16_384

    public var sizeMax: Int
    /// Of the present file.
    public private(set) var size: Int
    /// Where its last line begins; `size` where that is complete.
    public private(set) var lineStart: Int

    /// - Parameter lineStart: `size` too where it is not known.
    /// - Precondition: `sizeMax > 0`, `0 <= lineStart <= size`.
    public init(sizeMax: Int, size: Int = 0, lineStart: Int = 0) {
        precondition(sizeMax > 0 && (0...size).contains(lineStart))
        self.sizeMax = sizeMax
        self.size = size
        self.lineStart = lineStart
    }

    /// - Parameter bytes: What comes next; not empty.
    public func step(for bytes: RawSpan) -> Step {
        precondition(!bytes.isEmpty)
        let room = max(0, sizeMax - size)
        if bytes.byteCount <= room { return .write(bytes.byteCount) }
        if let end = bytes.extracting(first: room).lastNewline { return .write(end + 1) }
        let begun = size - lineStart
        if lineStart > 0, begun <= LogCut.movableMax { return .rotate(moving: begun) }
        // One line fills the file.
        return room > 0 ? .write(room) : .rotate(moving: 0)
    }

    /// Takes note of what has been written.
    public mutating func wrote(_ bytes: RawSpan) {
        if let end = bytes.lastNewline { lineStart = size + end + 1 }
        size += bytes.byteCount
    }

    /// Takes note of a new file that begins with `moved` bytes of the one before.
    public mutating func rotated(moving moved: Int) {
        (size, lineStart) = (moved, 0)
    }
}
