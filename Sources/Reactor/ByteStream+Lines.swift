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
