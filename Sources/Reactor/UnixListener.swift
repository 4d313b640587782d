public import LinuxSystem
public import SystemPackage

/// Accepts connections on a socket: one that this process has bound, see
/// `UnixSocket.listen(at:backlog:mode:)`, or has been started with, see
/// `OwnedFD.init(adoptingSocket:as:)`.
public final class UnixListener {
    /// How many connections one turn accepts: asyncio's.
    private static let acceptBudget = 100
    /// How long not to try again when no descriptor is left.
    private static let backoff = Duration.seconds(1)

    /// `nil` once nothing more is accepted.
    private var socket: OwnedFD?
    private let loop: EventLoop
    private var registration: Registration?
    private let accepted: (consuming OwnedFD) -> Void
    /// Whether the last attempt to accept failed, and was told.
    private var isFailing = false
    /// Told why no connection can be accepted: once, until one can again.
    ///
    /// Mostly `.tooManyOpenFiles`. Connections wait meanwhile, and are tried again each second.
    public var onFailure: ((Errno) -> Void)?

    /// - Parameters:
    ///   - socket: Bound, listening and non-blocking.
    ///   - accepted: Called for each connection, which it takes over; non-blocking.
    public init(
        _ socket: consuming OwnedFD,
        loop: EventLoop,
        accepted: @escaping (consuming OwnedFD) -> Void
    ) throws(Errno) {
        let raw = socket.raw
        self.socket = consume socket
        self.loop = loop
        self.accepted = accepted
        registration = try loop.register(raw, for: .read) { [weak self] _ in
            self?.accept()
        }
    }

    deinit {
        close()
    }

    /// Accepts no more; connections live on.
    public func close() {
        registration?.cancel()
        registration = nil
        socket = nil
    }

    private func accept() {
        for _ in 0..<UnixListener.acceptBudget {
            do {
                guard let connection = try socket?.accept() ?? nil else { return }
                isFailing = false
                accepted(connection)
            } catch .connectionAbort {
                continue
            } catch {
                return pause(after: error)
            }
        }
    }

    /// Out of descriptors or memory: the connection stays in the queue, and would be reported again
    /// at once, for ever.
    private func pause(after error: Errno) {
        registration?.watch(for: [])
        loop.callLater(UnixListener.backoff) { [weak self] in
            self?.registration?.watch(for: .read)
        }
        guard !isFailing else { return }
        isFailing = true
        onFailure?(error)
    }
}
