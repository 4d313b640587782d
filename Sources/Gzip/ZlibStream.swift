internal import CZlib

/// The state of zlib, the input that it is given and a buffer for what it puts out.
///
/// Who makes one begins with `deflateInit2` or `inflateInit2`, and ends with its counterpart.
///
/// Source: zlib.h, `z_stream`.
struct ZlibStream: ~Copyable {
    /// The largest window, and a gzip header.
    static let windowBits: CInt = 15 + 16
    private static let outputSize = 65_536

    let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let output = UnsafeMutableRawBufferPointer.allocate(
        byteCount: outputSize,
        alignment: 16
    )

    init() {
        state.initialize(to: z_stream())
    }

    deinit {
        state.deallocate()
        output.deallocate()
    }

    /// Whether there is input that has not been taken.
    var hasInput: Bool { state.pointee.avail_in > 0 }

    /// Whether the last step filled the buffer, so that there may be more to come.
    var isOutputFull: Bool { state.pointee.avail_out == 0 }

    /// - Parameter bytes: To be there until all is taken.
    func give(_ bytes: UnsafeRawBufferPointer) {
        // zlib does not write there.
        let input = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
        state.pointee.next_in = UnsafeMutablePointer(mutating: input)
        state.pointee.avail_in = UInt32(bytes.count)
    }

    /// - Returns: What `body` returns, and what it has put out, until the next step.
    func step(
        _ body: (UnsafeMutablePointer<z_stream>) -> CInt
    ) -> (result: CInt, output: UnsafeRawBufferPointer) {
        state.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
        state.pointee.avail_out = UInt32(output.count)
        let result = body(state)
        let count = output.count - Int(state.pointee.avail_out)
        return (result, UnsafeRawBufferPointer(rebasing: output[..<count]))
    }
}
