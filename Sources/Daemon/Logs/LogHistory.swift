internal import LinuxSystem
internal import Supervision
internal import Synchronization
internal import SystemPackage
internal import SystemTypes

/// What a log holds at one moment, over all its files, as one sequence of bytes.
///
/// It is put together on the log loop, where nothing is renamed meanwhile, and read on a thread
/// that may wait for a disk, by one at a time.
final class LogHistory: Sendable {
    /// From the oldest to the newest.
    private let pieces: [LogPiece]
    private let breaks: LineBreaks
    private let cursor = Mutex(Cursor())

    /// Where a byte is.
    private struct Place {
        var piece: Int
        var offset: Int
    }

    private struct Cursor {
        var place = Place(piece: 0, offset: 0)
        /// Of the piece at that place, if it is compressed and has been begun.
        var inflater: LogInflater?
    }

    /// What is read at a time.
    struct Part {
        var bytes: [UInt8]
        /// Whether a run has ended behind it, within a line.
        var endsRun = false
    }

    init(memory bytes: [UInt8], modified: WallTime) {
        pieces = [LogPiece(memory: bytes, modified: modified)]
        breaks = LineBreaks()
    }

    init(of log: LogPlace, _ breaks: LineBreaks) throws(Errno) {
        let directory = try log.directory()
        let archive = try log.archive(in: directory)
        var pieces: [LogPiece] = []
        for file in archive.current.reversed() {
            let opened = try directory.openForReading(archive.name(of: file))
            pieces.append(try LogPiece(opened, isCompressed: file.isCompressed))
        }
        pieces.append(
            try LogPiece(directory.openForReading(log.name), isCompressed: false)
        )
        self.pieces = pieces
        self.breaks = breaks
    }

    /// Goes to where that amount of the end begins.
    ///
    /// - Parameter bytesMax: How much may follow at the most; `nil` for any amount.
    func seek(_ amount: LogAmount, bytesMax: Int? = nil) throws(Errno) {
        let limit = bytesMax ?? .max
        let found: Place
        switch amount {
        case .bytes(let count): found = try place(before: min(max(0, count), limit))
        case .lines(let count): found = try place(ofLines: count, bytesMax: limit)
        case .since(let time): found = try place(of: time)
        }
        cursor.withLock { $0 = Cursor(place: found) }
    }

    /// The next bytes, at most as many as `count`; empty at the end.
    func next(_ count: Int) throws(Errno) -> Part {
        try cursor.withLock { cursor throws(Errno) in
            while cursor.place.piece < pieces.count {
                let end = nextBreak(after: cursor.place)
                let bytes = try next(min(count, end - cursor.place.offset), &cursor)
                cursor.place.offset += bytes.count
                if !bytes.isEmpty {
                    return Part(bytes: bytes, endsRun: cursor.place.offset == end)
                }
                cursor = Cursor(place: Place(piece: cursor.place.piece + 1, offset: 0))
            }
            return Part(bytes: [])
        }
    }

    /// Where in the same piece the next is; beyond its end if there is none.
    private func nextBreak(after place: Place) -> Int {
        // What is compressed, and all before it, is so far from the newest that nobody can say.
        guard let start = start(of: place.piece),
            let next = breaks.first(after: start + place.offset)
        else { return .max }
        return next - start
    }

    /// Where a piece begins, counted from the beginning of the newest.
    private func start(of piece: Int) -> Int? {
        pieces[piece..<(pieces.count - 1)].reduce(0) { sum, piece in
            sum.flatMap { sum in piece.size.map { sum - $0 } }
        }
    }

    private func next(_ count: Int, _ cursor: inout Cursor) throws(Errno) -> [UInt8] {
        let piece = pieces[cursor.place.piece]
        let offset = cursor.place.offset
        if let size = piece.size {
            return try piece.block(at: offset, count: min(count, max(0, size - offset)))
        }
        let inflater = cursor.inflater ?? LogInflater(piece)
        if cursor.inflater == nil {
            cursor.inflater = inflater
            var skip = offset
            while skip > 0 {
                let skipped = try inflater.next(min(skip, 65_536)).count
                guard skipped > 0 else { return [] }
                skip -= skipped
            }
        }
        return Array(try inflater.next(count))
    }

    // MARK: - Looking for the place

    private func size(of piece: LogPiece) throws(Errno) -> Int {
        if let size = piece.size { return size }
        var size = 0
        try piece.read(from: 0) { block in
            size += block.count
            return true
        }
        return size
    }

    private func place(before count: Int) throws(Errno) -> Place {
        var remaining = count
        for index in pieces.indices.reversed() where remaining > 0 {
            let size = try size(of: pieces[index])
            if size >= remaining { return Place(piece: index, offset: size - remaining) }
            remaining -= size
        }
        return count > 0 ? Place(piece: 0, offset: 0) : Place(piece: pieces.count, offset: 0)
    }

    private func place(ofLines count: Int, bytesMax: Int) throws(Errno) -> Place {
        guard count > 0 else { return Place(piece: pieces.count, offset: 0) }
        var (search, room) = (LineSearch(count), bytesMax)
        for index in pieces.indices.reversed() {
            let size = try size(of: pieces[index])
            if let offset = try search.place(in: pieces[index], size: size) {
                return size - offset <= room
                    ? Place(piece: index, offset: offset) : try place(before: bytesMax)
            }
            guard size <= room else { return try place(before: bytesMax) }
            room -= size
        }
        return Place(piece: 0, offset: 0)
    }

    /// Of lines without a stamp nothing is known but when their file was last written to.
    private func place(of time: WallTime) throws(Errno) -> Place {
        for index in pieces.indices.reversed() {
            if pieces[index].modified < time { return Place(piece: index + 1, offset: 0) }
            var first: WallTime?
            try pieces[index].read(from: 0) { block in
                first = LineStamp.time(of: block)
                return false
            }
            guard let first, first < time else { continue }
            return Place(piece: index, offset: try offset(of: time, in: pieces[index]))
        }
        return Place(piece: 0, offset: 0)
    }

    /// Where the first line is that is not older.
    private func offset(of time: WallTime, in piece: LogPiece) throws(Errno) -> Int {
        var (offset, lineStart, isFound) = (0, 0, false)
        var stamp: [UInt8] = []
        try piece.read(from: 0) { block in
            for byte in block {
                offset += 1
                if stamp.count < LineStamp.length {
                    stamp.append(byte)
                    if stamp.count == LineStamp.length {
                        isFound = LineStamp.time(of: stamp).map { $0 >= time } ?? false
                    }
                }
                if isFound { return false }
                if byte == UInt8(ascii: "\n") { (stamp, lineStart) = ([], offset) }
            }
            return true
        }
        return isFound ? lineStart : offset
    }
}
