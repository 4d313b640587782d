public import LinuxSystem
public import SystemPackage

/// Accepts connections on a socket in the file system.
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
                accepted(connection)
            } catch .connectionAbort {
                continue
            } catch {
                // Out of descriptors or memory: the connection stays in the queue, and would be
                // reported again at once, for ever.
                registration?.watch(for: [])
                loop.callLater(UnixListener.backoff) { [weak self] in
                    self?.registration?.watch(for: .read)
                }
                return
            }
        }
    }
}
