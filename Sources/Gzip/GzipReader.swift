internal import CZlib

/// Decompresses what gzip has compressed; several such pieces in a row are one.
///
/// Source: RFC 1952, section 2.2; zlib.h, `inflateInit2`.
public struct GzipReader: ~Copyable {
    public enum Failure: Error {
        /// It is no gzip, or damaged.
        case damaged
    }

    /// The largest window, and a gzip header.
    private static let windowBits: CInt = 15 + 16
    private static let outputSize = 65_536

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let output = UnsafeMutableRawBufferPointer.allocate(
        byteCount: outputSize,
        alignment: 16
    )

    public init() {
        stream.initialize(to: z_stream())
        let result = inflateInit2_(
            stream,
            GzipReader.windowBits,
            ZLIB_VERSION,
            CInt(MemoryLayout<z_stream>.size)
        )
        precondition(result == Z_OK, "inflateInit2: \(result)")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    /// - Parameter write: Gets what has been decompressed, in pieces.
    public mutating func append(
        _ bytes: RawSpan,
        write: (UnsafeRawBufferPointer) -> Void
    ) throws(Failure) {
        let isGood = bytes.withUnsafeBytes { inflate($0, write) }
        guard isGood else { throw .damaged }
    }

    private func inflate(
        _ bytes: UnsafeRawBufferPointer,
        _ write: (UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        // zlib does not write there.
        let input = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input)
        stream.pointee.avail_in = UInt32(bytes.count)
        repeat {
            stream.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            let result = CZlib.inflate(stream, Z_NO_FLUSH)
            let count = output.count - Int(stream.pointee.avail_out)
            if count > 0 { write(UnsafeRawBufferPointer(rebasing: output[..<count])) }
            switch result {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: inflateReset(stream)
            default: return false
            }
        } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
        return true
    }
}
