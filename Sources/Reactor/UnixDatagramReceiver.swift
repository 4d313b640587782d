public import LinuxSystem
public import SystemPackage

/// Receives the datagrams that come to a socket, each with who sent it.
///
/// What a server of sd_notify(3) needs: see `UnixSocket.receiveDatagrams(at:mode:)`, and
/// `OwnedFD.init(adoptingSocket:as:)` for a socket that this process was started with.
public final class UnixDatagramReceiver {
    /// How many datagrams one turn receives.
    private static let budget = 100
    /// How much of one datagram is received; what is longer is cut off.
    public static let bytesMax = 8_192

    /// `nil` once nothing more is received.
    private var socket: OwnedFD?
    private let loop: EventLoop
    private var registration: Registration?
    private let received: (RawSpan, SocketMessage) -> Void

    /// - Parameters:
    ///   - socket: Bound and non-blocking; taken over.
    ///   - received: Called for each datagram. The span is valid during the call; descriptors that
    ///     the message brings and nobody takes are closed after it.
    public init(
        _ socket: consuming OwnedFD,
        loop: EventLoop,
        received: @escaping (RawSpan, SocketMessage) -> Void
    ) throws(Errno) {
        let raw = socket.raw
        self.socket = consume socket
        self.loop = loop
        self.received = received
        registration = try loop.register(raw, for: .read) { [weak self] _ in
            self?.receive()
        }
    }

    deinit {
        close()
    }

    /// Lent, for a process that executes another program; `nil` once nothing more is received.
    public var descriptor: CInt? {
        switch socket {
        case .some(let socket): socket.raw
        case nil: nil
        }
    }

    /// Receives no more.
    public func close() {
        registration?.cancel()
        registration = nil
        socket = nil
    }

    /// Receives what is there by now, without waiting for the loop to come to it.
    public func receive() {
        loop.readBuffer.lend { buffer in
            receive(into: .init(rebasing: buffer[..<UnixDatagramReceiver.bytesMax]))
        }
    }

    private func receive(into room: UnsafeMutableRawBufferPointer) {
        for _ in 0..<UnixDatagramReceiver.budget {
            do {
                guard let message = try socket?.receive(into: room, on: loop) ?? nil else { return }
                let bytes = UnsafeRawBufferPointer(rebasing: room[..<message.byteCount])
                received(bytes.bytes, message)
            } catch {
                // No memory now; the datagram waits, and is reported again.
                return
            }
        }
    }
}
