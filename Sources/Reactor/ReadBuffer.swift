/// What all reads of one loop go into first, lent to one reader at a time.
final class ReadBuffer {
    /// How much one read asks for; more does not make a pipe of the usual size faster.
    static let size = 65_536

    private let bytes = ReadBuffer.allocate()
    private var isLent = false

    deinit {
        bytes.deallocate()
    }

    private static func allocate() -> UnsafeMutableRawBufferPointer {
        .allocate(byteCount: size, alignment: 4_096)
    }

    /// A callback that is looking at what was read may read something else: that goes elsewhere.
    func lend<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard !isLent else {
            let other = ReadBuffer.allocate()
            defer { other.deallocate() }
            return try body(other)
        }
        isLent = true
        defer { isLent = false }
        return try body(bytes)
    }
}
