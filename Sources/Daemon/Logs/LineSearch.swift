internal import SystemPackage

/// Counts lines from the end.
struct LineSearch {
    private static let blockSize = 65_536

    private var remaining: Int
    /// Whether the last byte of all has been looked at, which begins no line.
    private var isPastEnd = false

    init(_ count: Int) {
        remaining = count
    }

    /// Where the first of them begins, if it is in this piece.
    mutating func place(in piece: LogPiece, size: Int) throws(Errno) -> Int? {
        guard size > 0 else { return nil }
        if piece.size == nil { return try placeFromFront(in: piece, size: size) }
        var end = size
        while end > 0 {
            let start = max(0, end - LineSearch.blockSize)
            let block = try piece.block(at: start, count: end - start)
            if let index = look(at: block) { return start + index }
            end = start
        }
        return nil
    }

    private mutating func look(at block: [UInt8]) -> Int? {
        for index in block.indices.reversed() {
            let isEnd = block[index] == UInt8(ascii: "\n")
            defer { isPastEnd = true }
            guard isEnd, isPastEnd else { continue }
            remaining -= 1
            if remaining == 0 { return index + 1 }
        }
        return nil
    }

    /// What is compressed cannot be read from its end: all its lines are counted first.
    private mutating func placeFromFront(in piece: LogPiece, size: Int) throws(Errno) -> Int? {
        var (count, offset) = (0, 0)
        // The very last byte begins no line, if this is the end of all.
        let end = isPastEnd ? size : size - 1
        isPastEnd = true
        try piece.read(from: 0) { block in
            count += block.prefix(max(0, end - offset)).count { $0 == UInt8(ascii: "\n") }
            offset += block.count
            return true
        }
        guard count >= remaining else {
            remaining -= count
            return nil
        }
        var (skip, found) = (count - remaining + 1, 0)
        offset = 0
        try piece.read(from: 0) { block in
            for byte in block {
                offset += 1
                guard byte == UInt8(ascii: "\n") else { continue }
                skip -= 1
                guard skip == 0 else { continue }
                found = offset
                return false
            }
            return true
        }
        return found
    }
}
