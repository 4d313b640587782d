public import ControlProtocol
public import LinuxSystem
internal import SystemPackage

/// A conversation with the daemon, one call at a time; each waits for its answer.
public struct Client: ~Copyable {
    /// The status of ten thousand programs has about 5 MB.
    private static let bytesMaxOfReply = 64 << 20
    private static let bytesPerRead = 65_536

    private let socket: OwnedFD
    private var splitter = FrameSplitter(bytesMax: Client.bytesMaxOfReply)

    /// Connects to the daemon whose socket is at `path`.
    ///
    /// - Throws: `.noDaemon` or `.notAllowed`.
    public init(path: String) throws(ClientError) {
        do {
            socket = try UnixSocket.connect(to: path)
        } catch .permissionDenied {
            throw .notAllowed(path: path)
        } catch {
            throw .noDaemon(path: path, reason: error.reason)
        }
    }

    /// Takes over a stream at whose other end, by whatever way, there is the daemon.
    public init(adopting stream: consuming OwnedFD) {
        socket = stream
    }

    /// Asks for something, and waits for the one reply.
    public mutating func call<R: Request>(_ request: R) throws(ClientError) -> R.Answer {
        try send(Call.encode(request))
        return try receive(as: R.Answer.self).answer
    }

    /// Asks for something that takes several replies to tell, and waits for the last.
    ///
    /// - Parameter each: Is given the replies as they come.
    public mutating func callMore<R: Request>(
        _ request: R,
        each: (R.Answer) -> Void
    ) throws(ClientError) {
        try send(Call.encode(request, more: true))
        while true {
            let (answer, continues) = try receive(as: R.Answer.self)
            each(answer)
            if !continues { return }
        }
    }

    /// For somebody who waits for several things at once; to be read by ``takeReplies(to:)`` alone.
    public var descriptor: CInt { socket.raw }

    /// Asks for something that takes several replies to tell, and waits for none.
    public mutating func begin(_ request: some Request) throws(ClientError) {
        try send(Call.encode(request, more: true))
    }

    /// What has come of a request so far.
    public struct Replies<Answer> {
        public var answers: [Answer] = []
        /// Whether the last reply is among them.
        public var isComplete = false
    }

    /// Those of the replies to ``begin(_:)`` that have come; waits only where nothing has.
    ///
    /// - Throws: `.closed` at the end, among others.
    public mutating func takeReplies<R: Request>(
        to _: R.Type
    ) throws(ClientError) -> Replies<R.Answer> {
        var replies = Replies<R.Answer>()
        try fill()
        while let message = try nextMessage() {
            let (answer, continues) = try decode(message, as: R.Answer.self)
            replies.answers.append(answer)
            replies.isComplete = !continues
        }
        return replies
    }

    /// Waits until the daemon closes the connection, which it does at its end at the latest.
    public mutating func waitForEnd() {
        while (try? receive()) != nil {}
    }

    private func send(_ message: [UInt8]) throws(ClientError) {
        var sent = 0
        while sent < message.count {
            let count: Int?
            do {
                count = try message.withUnsafeBytes { bytes in
                    try socket.send(UnsafeRawBufferPointer(rebasing: bytes[sent...]))
                }
            } catch {
                throw .closed
            }
            // The socket blocks, so there is no "not now".
            guard let count else { throw .closed }
            sent += count
        }
    }

    private mutating func receive<Answer: Decodable>(
        as type: Answer.Type
    ) throws(ClientError) -> (answer: Answer, continues: Bool) {
        try decode(receive(), as: type)
    }

    private func decode<Answer: Decodable>(
        _ message: [UInt8],
        as type: Answer.Type
    ) throws(ClientError) -> (answer: Answer, continues: Bool) {
        let reply: Reply
        do {
            reply = try Reply(decoding: message)
        } catch {
            throw .protocolViolation(error)
        }
        if let error = reply.error { throw .refused(error) }
        do {
            return (try reply.answer(as: type), reply.continues)
        } catch {
            throw .protocolViolation(error)
        }
    }

    private mutating func receive() throws(ClientError) -> [UInt8] {
        while true {
            if let message = try nextMessage() { return message }
            try fill()
        }
    }

    private mutating func nextMessage() throws(ClientError) -> [UInt8]? {
        do {
            return try splitter.next()
        } catch {
            throw .protocolViolation(error)
        }
    }

    private mutating func fill() throws(ClientError) {
        let chunk = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Client.bytesPerRead,
            alignment: 1
        )
        defer { chunk.deallocate() }
        let count = try? socket.read(into: chunk)
        guard let count, count > 0 else { throw .closed }
        splitter.append(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
    }
}
