internal import CZlib

/// Decompresses what gzip has compressed; several such pieces in a row are one.
///
/// Source: RFC 1952, section 2.2; zlib.h, `inflateInit2`.
public struct GzipReader: ~Copyable {
    public enum Failure: Error {
        /// It is no gzip, or damaged.
        case damaged
    }

    private let stream = ZlibStream()

    public init() {
        let result = inflateInit2_(
            stream.state,
            ZlibStream.windowBits,
            ZLIB_VERSION,
            CInt(MemoryLayout<z_stream>.size)
        )
        precondition(result == Z_OK, "inflateInit2: \(result)")
    }

    deinit {
        inflateEnd(stream.state)
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
        stream.give(bytes)
        repeat {
            let (result, output) = stream.step { CZlib.inflate($0, Z_NO_FLUSH) }
            if !output.isEmpty { write(output) }
            switch result {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: inflateReset(stream.state)
            default: return false
            }
        } while stream.hasInput || stream.isOutputFull
        return true
    }
}
