/// Puts a stamp before each line.
///
/// Nothing is held back: a line that is not complete yet is passed on as far as it has come, so
/// that its length does not matter.
public struct LineStamper: Equatable, Sendable, Codable {
    /// Whether the next byte begins a line.
    public private(set) var isAtLineStart: Bool

    public init(isAtLineStart: Bool = true) {
        self.isAtLineStart = isAtLineStart
    }

    /// Appends `bytes` to `output`, each line in it behind `stamp`.
    public mutating func append(_ bytes: RawSpan, stamp: [UInt8], to output: inout [UInt8]) {
        var start = 0
        while start < bytes.byteCount {
            if isAtLineStart { output += stamp }
            let newline = bytes.newline(from: start)
            let end = newline.map { $0 + 1 } ?? bytes.byteCount
            bytes.extracting(start..<end).withUnsafeBytes { output.append(contentsOf: $0) }
            isAtLineStart = newline != nil
            start = end
        }
    }

    /// Ends a line that is not complete, for what follows does not belong to it.
    public mutating func finish(to output: inout [UInt8]) {
        guard !isAtLineStart else { return }
        output.append(UInt8(ascii: "\n"))
        isAtLineStart = true
    }
}
