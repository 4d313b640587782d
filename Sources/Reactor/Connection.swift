public import LinuxSystem
public import SystemPackage

/// A connected socket, for tasks on its loop: what one side writes the other reads.
///
/// It takes two descriptors, one for each way.
public final class Connection: @unchecked Sendable {
    /// What the other side writes.
    public let input: ByteStream
    /// What the other side reads; ``ByteSink/finish()`` tells it that no more comes, and the other
    /// way stays open.
    public let output: ByteSink
    /// Who was at the other end when the connection was made.
    public let peer: UnixSocket.Peer

    /// Takes over `socket`, as ``UnixListener`` gives it.
    public init(_ socket: consuming OwnedFD, on loop: EventLoop) throws(Errno) {
        peer = try UnixSocket.peer(of: socket)
        output = try ByteSink(.duplicate(socket.raw), on: loop)
        input = try ByteStream(socket, on: loop)
    }

    /// Writes all, along with descriptors, of which the other side gets duplicates.
    ///
    /// - Parameter descriptors: At most 253; they stay the caller's, and open until this returns.
    /// - Precondition: There is at least one byte to go with.
    public func write(_ bytes: [UInt8], passing descriptors: [CInt]) async throws {
        try await output.write(bytes, passing: descriptors)
    }

    /// The next bytes that are there, with the descriptors that came along; `nil` at the end.
    ///
    /// Where ``input`` is read instead, descriptors that come along are closed.
    public func receive() async throws -> (bytes: [UInt8], descriptors: ReceivedDescriptors?)? {
        try await input.nextMessage()
    }

    /// Ends both ways.
    public func close() {
        output.finish()
        input.close()
    }
}

extension EventLoop {
    /// Connects to a socket at a path or, where it begins with a NUL, of an abstract name.
    ///
    /// Where the other side is slow to accept, it is tried again every few milliseconds, for the
    /// kernel does not tell when there is room.
    ///
    /// - Throws: As `UnixSocket.connect(to:)`; `CancellationError`.
    public func connect(unixSocket path: String) async throws -> Connection {
        var pause = Duration.milliseconds(1)
        while true {
            if let socket = try UnixSocket.connectNow(to: path) {
                return try Connection(socket, on: self)
            }
            try await sleep(for: pause)
            pause = min(pause * 2, .milliseconds(50))
        }
    }
}
