internal import CZlib

/// Compresses bytes as gzip does.
///
/// Source: RFC 1952; zlib.h, `deflateInit2`.
public struct GzipWriter: ~Copyable {
    private static let level: CInt = 6
    /// The largest window, and a gzip header.
    private static let windowBits: CInt = 15 + 16
    private static let memoryLevel: CInt = 8
    private static let outputSize = 65_536

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let output = UnsafeMutableRawBufferPointer.allocate(
        byteCount: outputSize,
        alignment: 16
    )

    public init() {
        stream.initialize(to: z_stream())
        let result = deflateInit2_(
            stream,
            GzipWriter.level,
            Z_DEFLATED,
            GzipWriter.windowBits,
            GzipWriter.memoryLevel,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            CInt(MemoryLayout<z_stream>.size)
        )
        precondition(result == Z_OK, "deflateInit2: \(result)")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    /// - Parameters:
    ///   - isLast: Whether nothing follows; then there is no further call.
    ///   - write: Gets what has been compressed, in pieces.
    public mutating func append<Failure: Error>(
        _ bytes: UnsafeRawBufferPointer,
        isLast: Bool,
        write: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        // zlib does not write there.
        let input = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input)
        stream.pointee.avail_in = UInt32(bytes.count)
        repeat {
            stream.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
            let count = output.count - Int(stream.pointee.avail_out)
            try write(UnsafeRawBufferPointer(rebasing: output[..<count]))
        } while stream.pointee.avail_out == 0
    }
}
