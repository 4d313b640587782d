extension ByteStream {
    /// The lines of a stream; see ``ByteStream/lines(maxLength:)``.
    public struct Lines: AsyncSequence, AsyncIteratorProtocol {
        let stream: ByteStream
        let maxLength: Int
        private var buffer: [UInt8] = []
        /// Where the next line begins.
        private var start = 0
        /// Up to where there is no newline.
        private var searched = 0

        init(stream: ByteStream, maxLength: Int) {
            self.stream = stream
            self.maxLength = maxLength
        }

        /// Itself: one task goes through them, once.
        public func makeAsyncIterator() -> Lines { self }

        /// The next line, or `nil` at the end; bytes that are no UTF-8 are replaced.
        public mutating func next() async throws -> String? {
            while true {
                let newline = buffer[searched...].firstIndex(of: UInt8(ascii: "\n"))
                searched = newline ?? buffer.count
                guard searched - start <= maxLength else {
                    throw StreamError.tooLong(limit: maxLength)
                }
                if let newline {
                    defer { (start, searched) = (newline + 1, newline + 1) }
                    return String(decoding: buffer[start..<newline], as: UTF8.self)
                }
                guard let chunk = try await stream.next() else { return rest() }
                buffer.removeFirst(start)
                (start, searched) = (0, searched - start)
                buffer += chunk
            }
        }

        private mutating func rest() -> String? {
            defer { (buffer, start, searched) = ([], 0, 0) }
            let rest = buffer[start...]
            return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
        }
    }
}
