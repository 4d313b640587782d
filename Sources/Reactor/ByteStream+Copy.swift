public import LinuxSystem
internal import SystemPackage

/// What the copies of one loop share: a copy holds nothing in it between two of its turns.
final class CopyBuffer {
    /// What a pipe can hold for anybody, and the most that one turn moves.
    ///
    /// Smaller pieces cost up to twice as much: ext4 takes large ones in large pages.
    static let size = 1 << 20

    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4_096)

    deinit {
        bytes.deallocate()
    }

    static func shared(by loop: EventLoop) -> CopyBuffer {
        if let buffer = loop.copyBuffer { return buffer }
        let buffer = CopyBuffer()
        loop.copyBuffer = buffer
        return buffer
    }
}

extension ByteStream {
    /// Moves all that comes into a file, until the end or `limit`.
    ///
    /// One turn moves at most 1 MiB, and others get theirs in between. A pipe is widened to as much,
    /// if the system allows it. What goes wrong loses nothing: bytes that have not gone into the
    /// file are the next that are read, or copied; ``copiedByteCount`` tells how many have. That
    /// holds when the task is cancelled too.
    ///
    /// It reads and writes. `splice(2)` is no faster where the pipe is wide, and refuses a file that
    /// is open for appending; see `docs/performance.md`.
    ///
    /// - Parameters:
    ///   - file: A regular file, or what else blocks when it is full, and the loop with it.
    /// - Returns: How many bytes this call has moved.
    /// - Throws: What the file said, such as `Errno.noSpace`; `.wouldBlock` for one that is not to
    ///   block and is full; `CancellationError`.
    @discardableResult
    public func copy(to file: borrowing OwnedFD, limit: Int = .max) async throws -> Int {
        let before = copiedByteCount
        let buffer = CopyBuffer.shared(by: loop)
        fd?.widenPipe(to: CopyBuffer.size)
        var left: Int { limit - (copiedByteCount - before) }
        while left > 0, try !copyOnce(to: file, through: buffer, limit: left) {
            // Also if there is more already: this is a turn among those of other descriptors.
            if left > 0 { try await readiness.wait() }
        }
        return copiedByteCount - before
    }

    /// - Returns: Whether it is the end.
    private func copyOnce(
        to file: borrowing OwnedFD,
        through buffer: CopyBuffer,
        limit: Int
    ) throws(Errno) -> Bool {
        precondition(loop.isOnLoopThread, "copied on another thread than its loop's")
        if !leftover.isEmpty {
            let rest = leftover
            leftover = []
            try rest.span.bytes.withUnsafeBytes { bytes throws(Errno) -> Void in
                try move(bytes, to: file, limit: limit)
            }
            return fd == nil && leftover.isEmpty
        }
        guard fd != nil else { return true }
        let room = UnsafeMutableRawBufferPointer(
            rebasing: buffer.bytes.prefix(limit)
        )
        guard let count = try fd?.read(into: room, on: loop) ?? nil else { return false }
        guard count > 0 else {
            close()
            return true
        }
        try move(UnsafeRawBufferPointer(rebasing: room[..<count]), to: file, limit: count)
        return false
    }

    /// Writes at most `limit` of `bytes`, and puts back what does not go.
    private func move(
        _ bytes: UnsafeRawBufferPointer,
        to file: borrowing OwnedFD,
        limit: Int
    ) throws(Errno) {
        var sent = 0
        defer {
            copiedByteCount += sent
            leftover = bytes[sent...].isEmpty ? [] : Array(bytes[sent...])[...]
        }
        let end = Swift.min(bytes.count, limit)
        while sent < end {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[sent..<end])
            guard let count = try file.write(rest) else { throw .wouldBlock }
            sent += count
        }
    }
}
