/// Cuts a stream of bytes into messages, each of which a NUL byte ends.
///
/// Looks at every byte once, however the stream is cut up on its way.
///
/// Source: https://varlink.org/Method-Call.
public struct FrameSplitter: Sendable {
    /// The limit for what comes from strangers: 1 MiB, the NUL byte not counted.
    public static let bytesMaxOfCall = 1 << 20

    private let bytesMax: Int
    private var buffer: [UInt8] = []
    /// Where the next message begins.
    private var start = 0
    /// Up to here, from `start`, there is no NUL byte.
    private var searched = 0

    /// - Parameter bytesMax: The length of the longest message that is taken.
    public init(bytesMax: Int = FrameSplitter.bytesMaxOfCall) {
        self.bytesMax = bytesMax
    }

    /// Whether a message has begun and not ended yet, once ``next()`` has answered `nil`.
    public var isWithinMessage: Bool { start < buffer.count }

    /// What has arrived of messages that have not been taken.
    public var rest: [UInt8] { Array(buffer[start...]) }

    /// Takes what has arrived; call ``next()`` until it answers `nil` before taking more.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        // Moving what is left costs no more than it cost to take what was given away.
        if start > buffer.count / 2 {
            buffer.removeFirst(start)
            searched -= start
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next complete message, without its NUL byte; `nil` while there is none.
    ///
    /// - Throws: `.tooLong` as soon as more than the limit has come without an end. The stream
    ///   is of no use from then on.
    public mutating func next() throws(ProtocolViolation) -> [UInt8]? {
        guard let end = buffer[searched...].firstIndex(of: 0) else {
            searched = buffer.count
            guard buffer.count - start <= bytesMax else { throw .tooLong(bytesMax: bytesMax) }
            return nil
        }
        guard end - start <= bytesMax else { throw .tooLong(bytesMax: bytesMax) }
        let message = Array(buffer[start..<end])
        start = end + 1
        searched = start
        return message
    }
}
