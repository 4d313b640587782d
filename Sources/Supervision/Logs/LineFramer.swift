/// Cuts a stream of bytes into lines.
///
/// A line that is longer than the limit is cut there, so that memory is bounded whatever a program
/// writes.
public struct LineFramer: Sendable {
    public static let defaultLengthMax = 16_384

    private let lengthMax: Int
    /// What has no newline yet.
    public private(set) var rest: [UInt8]

    /// - Parameter rest: Of another framer, whose line goes on here.
    public init(lengthMax: Int = LineFramer.defaultLengthMax, rest: [UInt8] = []) {
        precondition(lengthMax > 0)
        self.lengthMax = lengthMax
        self.rest = rest
    }

    /// - Parameter line: Called for each line that is complete, without its newline.
    public mutating func append(_ bytes: RawSpan, _ line: (ArraySlice<UInt8>) -> Void) {
        bytes.withUnsafeBytes { bytes in
            var bytes = bytes[...]
            while let newline = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                appendUnfinished(bytes[..<newline], line)
                line(rest[...])
                rest.removeAll(keepingCapacity: true)
                bytes = bytes[(newline + 1)...]
            }
            appendUnfinished(bytes, line)
        }
    }

    /// Gives out what has no newline yet, if there is anything.
    public mutating func finish(_ line: (ArraySlice<UInt8>) -> Void) {
        guard !rest.isEmpty else { return }
        line(rest[...])
        rest = []
    }

    private mutating func appendUnfinished(
        _ bytes: Slice<UnsafeRawBufferPointer>,
        _ line: (ArraySlice<UInt8>) -> Void
    ) {
        var bytes = bytes
        while rest.count + bytes.count > lengthMax {
            let room = lengthMax - rest.count
            rest.append(contentsOf: bytes.prefix(room))
            bytes = bytes.dropFirst(room)
            line(rest[...])
            rest.removeAll(keepingCapacity: true)
        }
        rest.append(contentsOf: bytes)
    }
}
