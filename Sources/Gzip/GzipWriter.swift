internal import CZlib

/// Compresses bytes as gzip does.
///
/// Source: RFC 1952; zlib.h, `deflateInit2`.
public struct GzipWriter: ~Copyable {
    private static let level: CInt = 6
    private static let memoryLevel: CInt = 8

    private let stream = ZlibStream()

    public init() {
        let result = deflateInit2_(
            stream.state,
            GzipWriter.level,
            Z_DEFLATED,
            ZlibStream.windowBits,
            GzipWriter.memoryLevel,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            CInt(MemoryLayout<z_stream>.size)
        )
        precondition(result == Z_OK, "deflateInit2: \(result)")
    }

    deinit {
        deflateEnd(stream.state)
    }

    /// - Parameters:
    ///   - isLast: Whether nothing follows; then there is no further call.
    ///   - write: Gets what has been compressed, in pieces.
    public mutating func append<Failure: Error>(
        _ bytes: UnsafeRawBufferPointer,
        isLast: Bool,
        write: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        stream.give(bytes)
        repeat {
            try write(stream.step { deflate($0, isLast ? Z_FINISH : Z_NO_FLUSH) }.output)
        } while stream.isOutputFull
    }
}
