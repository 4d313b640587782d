internal import LinuxSystem
internal import SystemPackage
internal import SystemTypes

/// One of the files of a log, or what is in memory of it, as it was at one moment.
///
/// An open file stays the same whatever becomes of its name.
final class LogPiece: Sendable {
    enum Content: Sendable {
        case memory([UInt8])
        case plain(size: Int)
        case compressed
    }

    /// By how much the time of a file, which is that of a tick of the kernel, may lag behind.
    private static let clockSlack = Duration.seconds(1)

    let content: Content
    /// When it was last written to, or somewhat later.
    let modified: WallTime
    private let file: OwnedFD?

    init(memory bytes: [UInt8], modified: WallTime) {
        content = .memory(bytes)
        self.modified = modified
        file = nil
    }

    init(_ file: consuming OwnedFD, isCompressed: Bool) throws(Errno) {
        let status = try file.status
        content = isCompressed ? .compressed : .plain(size: status.size)
        modified = WallTime(
            nanoseconds: status.modified.nanoseconds + LogPiece.clockSlack.nanoseconds
        )
        self.file = consume file
    }

    /// How much there is, as far as that can be said without reading.
    var size: Int? {
        switch content {
        case .memory(let bytes): bytes.count
        case .plain(let size): size
        case .compressed: nil
        }
    }

    private static let blockSize = 65_536

    /// Gives out what there is from a place on, in pieces, until it is told that it is enough.
    ///
    /// - Parameter body: Returns whether it wants more.
    func read(from start: Int, _ body: (ArraySlice<UInt8>) -> Bool) throws(Errno) {
        switch content {
        case .memory(let bytes):
            if start < bytes.count { _ = body(bytes[start...]) }
        case .plain(let size):
            var place = start
            while place < size {
                let block = try block(at: place, count: min(LogPiece.blockSize, size - place))
                guard !block.isEmpty, body(block[...]) else { return }
                place += block.count
            }
        case .compressed:
            try readCompressed(from: start, body)
        }
    }

    /// At most `count` bytes at a place; of what is compressed there are none.
    func block(at place: Int, count: Int) throws(Errno) -> [UInt8] {
        if case .memory(let bytes) = content { return Array(bytes[place...].prefix(count)) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        defer { buffer.deallocate() }
        let read = try file?.read(into: buffer, at: place) ?? 0
        return Array(buffer[..<read])
    }

    private func readCompressed(
        from start: Int,
        _ body: (ArraySlice<UInt8>) -> Bool
    ) throws(Errno) {
        let inflater = LogInflater(self)
        var skip = start
        while true {
            let block = try inflater.next(LogPiece.blockSize)
            guard !block.isEmpty else { return }
            let wanted = block.dropFirst(skip)
            skip -= block.count - wanted.count
            guard wanted.isEmpty || body(wanted) else { return }
        }
    }
}
