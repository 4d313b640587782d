public import LinuxSystem
public import SystemPackage

/// The bytes that come out of a descriptor, for one task that pulls them.
///
/// A slow reader stops the writer through the pipe: nothing is read ahead, and memory is bounded by
/// one chunk. To be used on the loop's thread, as any task that the loop has spawned is.
public final class ByteStream: AsyncSequence, AsyncIteratorProtocol, @unchecked Sendable {
    public typealias Element = [UInt8]

    private let loop: EventLoop
    private var fd: OwnedFD?
    private let readiness: ReadinessWait

    /// Takes over `fd`, and makes it non-blocking.
    public init(_ fd: consuming OwnedFD, on loop: EventLoop) throws(Errno) {
        try fd.setNonBlocking(true)
        readiness = try ReadinessWait(fd.raw, for: .read, on: loop)
        self.fd = consume fd
        self.loop = loop
    }

    public func makeAsyncIterator() -> ByteStream { self }

    /// The next bytes that are there, up to 64 KiB; `nil` at the end.
    public func next() async throws -> [UInt8]? {
        while true {
            if let chunk = try readOnce() { return chunk.isEmpty ? nil : chunk }
            try await readiness.wait()
        }
    }

    /// - Returns: `nil` if there is nothing now, no bytes at the end.
    private func readOnce() throws -> [UInt8]? {
        precondition(loop.isOnLoopThread, "read on another thread than its loop's")
        let count: Int?
        do {
            guard fd != nil else { return [] }
            count = try fd?.read(on: loop) ?? nil
        }
        guard let count else { return nil }
        if count == 0 { close() }
        return Array(loop.readBuffer[..<count])
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

/// What may go wrong with a stream, besides what the kernel says.
public enum StreamError: Error, Equatable, Sendable {
    /// There was more than the caller was ready to take.
    case tooLong(limit: Int)
}

extension ByteStream {
    /// The lines of a stream; see ``ByteStream/lines(maxLength:)``.
    public struct Lines: AsyncSequence, AsyncIteratorProtocol {
        let stream: ByteStream
        let maxLength: Int
        private var buffer: [UInt8] = []
        /// Up to where there is no newline.
        private var searched = 0

        init(stream: ByteStream, maxLength: Int) {
            self.stream = stream
            self.maxLength = maxLength
        }

        public func makeAsyncIterator() -> Lines { self }

        public mutating func next() async throws -> String? {
            while true {
                if let newline = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                    defer {
                        buffer.removeFirst(newline + 1)
                        searched = 0
                    }
                    return String(decoding: buffer[..<newline], as: UTF8.self)
                }
                searched = buffer.count
                guard searched <= maxLength else { throw StreamError.tooLong(limit: maxLength) }
                guard let chunk = try await stream.next() else { return rest() }
                buffer += chunk
            }
        }

        private mutating func rest() -> String? {
            defer {
                buffer = []
                searched = 0
            }
            return buffer.isEmpty ? nil : String(decoding: buffer, as: UTF8.self)
        }
    }
}
