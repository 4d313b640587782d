internal import SystemPackage

/// Arrays of bytes that are to be written one after the other, less what has gone.
struct Pieces {
    /// How many of them are handed to the kernel together.
    private static let atOnce = 64

    private var rest: ArraySlice<[UInt8]>
    /// How many bytes of the first have gone.
    private var sent = 0

    init(_ pieces: [[UInt8]]) {
        rest = pieces.filter { !$0.isEmpty }[...]
    }

    var isEmpty: Bool { rest.isEmpty }

    mutating func removeFirst(_ count: Int) {
        sent += count
        while let first = rest.first, sent >= first.count {
            sent -= first.count
            rest.removeFirst()
        }
    }

    func forEach(_ body: (ArraySlice<UInt8>) -> Void) {
        guard let first = rest.first else { return }
        body(first[sent...])
        for piece in rest.dropFirst() { body(piece[...]) }
    }

    /// Lends the first of them, all of which stay where they are during the call.
    func withBuffers<Result>(
        _ body: ([UnsafeRawBufferPointer]) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        var buffers: [UnsafeRawBufferPointer] = []
        return try Pieces.lend(rest.prefix(Pieces.atOnce), from: sent, &buffers, body)
    }

    private static func lend<Result>(
        _ pieces: ArraySlice<[UInt8]>,
        from start: Int = 0,
        _ buffers: inout [UnsafeRawBufferPointer],
        _ body: ([UnsafeRawBufferPointer]) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        guard let first = pieces.first else { return try body(buffers) }
        return try first.span.bytes.withUnsafeBytes { (bytes) throws(Errno) -> Result in
            buffers.append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
            return try lend(pieces.dropFirst(), &buffers, body)
        }
    }
}

extension [UnsafeRawBufferPointer] {
    /// The first `count` bytes of them.
    func prefix(bytes count: Int) -> [UnsafeRawBufferPointer] {
        var left = count
        return compactMap { piece in
            let some = piece.prefix(left)
            left -= some.count
            return some.isEmpty ? nil : UnsafeRawBufferPointer(rebasing: some)
        }
    }
}
