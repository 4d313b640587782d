internal import Gzip
internal import SystemPackage

/// Reads a compressed file of a log from its beginning to its end.
final class LogInflater {
    private static let blockSize = 65_536

    private let piece: LogPiece
    private var reader = GzipReader()
    /// In the file.
    private var place = 0
    /// Decompressed, and not yet given out.
    private var rest: ArraySlice<UInt8> = []
    private var isDamaged = false

    init(_ piece: LogPiece) {
        self.piece = piece
    }

    /// The next bytes, at most as many as `count`; empty at the end, or where it is damaged.
    func next(_ count: Int) throws(Errno) -> ArraySlice<UInt8> {
        while rest.isEmpty, !isDamaged {
            let block = try piece.block(at: place, count: LogInflater.blockSize)
            guard !block.isEmpty else { break }
            place += block.count
            inflate(block)
        }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private func inflate(_ block: [UInt8]) {
        var output: [UInt8] = []
        do {
            try reader.append(block.span.bytes) { output += $0 }
        } catch {
            // What could be read of it is there.
            isDamaged = true
        }
        rest = output[...]
    }
}
