public import LinuxSystem
public import SystemPackage

/// The bytes that come out of a descriptor, for one task that pulls them.
///
/// A slow reader stops the writer through the pipe: nothing is read ahead, and memory is bounded by
/// one chunk. To be used on the loop's thread, as any task that the loop has spawned is.
public final class ByteStream: AsyncSequence, AsyncIteratorProtocol, @unchecked Sendable {
    /// What has come at once.
    public typealias Element = [UInt8]

    let loop: EventLoop
    private(set) var fd: OwnedFD?
    let readiness: ReadinessWait
    /// What was read and not yet handed over; it comes first.
    var leftover: ArraySlice<UInt8> = []
    private var stamina = Stamina()
    /// How many bytes ``copy(to:limit:)`` has moved, in all calls together.
    public internal(set) var copiedByteCount = 0

    /// Takes over `fd`, and makes it non-blocking.
    public init(_ fd: consuming OwnedFD, on loop: EventLoop) throws(Errno) {
        try fd.setNonBlocking(true)
        readiness = try ReadinessWait(fd.raw, for: .read, on: loop)
        self.fd = consume fd
        self.loop = loop
    }

    /// Itself: one task goes through it, once.
    public func makeAsyncIterator() -> ByteStream { self }

    /// The next bytes that are there, up to 64 KiB; `nil` at the end.
    public func next() async throws -> [UInt8]? {
        if let rest = takeLeftover() { return rest }
        while true {
            if let chunk = try readOnce() {
                await giveWay()
                return chunk.isEmpty ? nil : chunk
            }
            try await wait()
        }
    }

    /// The next `count` bytes.
    ///
    /// If it throws, or is cancelled, nothing is lost: what has come already comes next.
    ///
    /// - Throws: ``StreamError/incomplete(expected:got:)`` if the end comes before.
    public func read(exactly count: Int) async throws -> [UInt8] {
        while leftover.count < count {
            guard let chunk = try readOnce() else {
                try await wait()
                continue
            }
            guard !chunk.isEmpty else {
                throw StreamError.incomplete(expected: count, got: leftover.count)
            }
            leftover += chunk
            await giveWay()
        }
        defer { leftover.removeFirst(count) }
        return Array(leftover.prefix(count))
    }

    /// The next bytes that are there, with the descriptors that came along; `nil` at the end.
    ///
    /// Of a socket only. Whoever uses ``next()`` instead gets no descriptors: they are closed.
    func nextMessage() async throws -> (bytes: [UInt8], descriptors: ReceivedDescriptors?)? {
        if let rest = takeLeftover() { return (rest, nil) }
        while true {
            precondition(loop.isOnLoopThread, "read on another thread than its loop's")
            guard fd != nil else { return nil }
            if let (bytes, descriptors) = try receiveOnce() {
                guard !bytes.isEmpty else {
                    close()
                    return nil
                }
                await giveWay()
                return (bytes, descriptors)
            }
            try await wait()
        }
    }

    private func wait() async throws {
        stamina.rest()
        try await readiness.wait()
    }

    private func giveWay() async {
        if stamina.isSpent() { await loop.yield() }
    }

    private func takeLeftover() -> [UInt8]? {
        guard !leftover.isEmpty else { return nil }
        defer { leftover = [] }
        return Array(leftover)
    }

    /// - Returns: `nil` if there is nothing now, no bytes at the end.
    private func readOnce() throws -> [UInt8]? {
        precondition(loop.isOnLoopThread, "read on another thread than its loop's")
        guard fd != nil else { return [] }
        let bytes = try loop.readBuffer.lend { (buffer) throws(Errno) -> [UInt8]? in
            let count = try fd?.read(into: buffer, on: loop) ?? nil
            return count.map { Array(buffer[..<$0]) }
        }
        if bytes?.isEmpty == true { close() }
        return bytes
    }

    /// - Returns: `nil` if there is nothing now, no bytes at the end.
    private func receiveOnce() throws(Errno) -> ([UInt8], ReceivedDescriptors?)? {
        try loop.readBuffer.lend { (buffer) throws(Errno) in
            guard let message = try fd?.receive(into: buffer, on: loop) ?? nil else { return nil }
            return (Array(buffer[..<message.byteCount]), message.descriptors)
        }
    }

    /// All there is until the end.
    ///
    /// - Throws: ``StreamError/tooLong(limit:)`` as soon as it is more than `limit`.
    public func readToEnd(limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try await next() {
            bytes += chunk
            guard bytes.count <= limit else { throw StreamError.tooLong(limit: limit) }
        }
        return bytes
    }

    /// The lines, without their newlines; an unfinished last one is a line too.
    ///
    /// - Parameter maxLength: A longer line ends the iteration with ``StreamError/tooLong(limit:)``.
    public func lines(maxLength: Int = 65_536) -> Lines {
        Lines(stream: self, maxLength: maxLength)
    }

    /// Reads no more; whoever writes gets EPIPE.
    public func close() {
        guard fd != nil else { return }
        readiness.close()
        fd = nil
    }
}
