internal import LinuxSystem
internal import Supervision
internal import SystemPackage

/// A socket that was bound for a program, and the file that goes with it.
final class BoundSocket {
    let name: String
    let descriptor: OwnedFD
    /// Of a Unix socket.
    private let path: String?

    init(_ socket: ListeningSocket) throws(SpawnFailure) {
        name = socket.name
        switch socket.address {
        case .internet(let endpoint):
            path = nil
            descriptor = try BoundSocket.bind(socket, to: endpoint)
        case .unix(let path):
            self.path = path
            descriptor = try BoundSocket.bind(socket, to: path)
        }
        makeBlocking()
    }

    /// One that another daemon has bound.
    init(_ socket: ListeningSocket, _ descriptor: consuming OwnedFD) {
        name = socket.name
        self.descriptor = descriptor
        if case .unix(let path) = socket.address { self.path = path } else { path = nil }
    }

    private static func bind(
        _ socket: ListeningSocket,
        to endpoint: Endpoint
    ) throws(SpawnFailure) -> OwnedFD {
        // Nobody is asked for names.
        let host = endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host
        do {
            switch socket.kind {
            case .stream:
                return try InternetSocket.listen(
                    at: host,
                    port: endpoint.port,
                    backlog: socket.backlog,
                    sharesPort: socket.reusePort
                )
            case .datagram:
                return try InternetSocket.receiveDatagrams(
                    at: host,
                    port: endpoint.port,
                    sharesPort: socket.reusePort
                )
            }
        } catch {
            throw SpawnFailure(cannotListenOn: endpoint.description, error.reason, error)
        }
    }

    private static func bind(
        _ socket: ListeningSocket,
        to path: String
    ) throws(SpawnFailure) -> OwnedFD {
        let (user, group) = (
            socket.owner.flatMap(Accounts.user), socket.group.flatMap(Accounts.group)
        )
        if let name = socket.owner, user == nil {
            throw SpawnFailure(cannotListenOn: path, "no such user \(name)", .invalidArgument)
        }
        if let name = socket.group, group == nil {
            throw SpawnFailure(cannotListenOn: path, "no such group \(name)", .invalidArgument)
        }
        do {
            try removeStale(path)
            let descriptor =
                switch socket.kind {
                case .stream:
                    try UnixSocket.listen(
                        at: path,
                        backlog: Int(socket.backlog),
                        mode: socket.mode
                    )
                case .datagram:
                    try UnixSocket.receiveDatagrams(at: path, mode: socket.mode)
                }
            if user != nil || group != nil {
                try Files.setOwner(path, user: user?.id, group: group)
            }
            return descriptor
        } catch {
            let reason =
                error == .addressInUse && !Files.isSocket(path)
                ? "there is a file that is no socket" : error.reason
            throw SpawnFailure(cannotListenOn: path, reason, error)
        }
    }

    /// Removes what somebody who has ended has left, and nothing else.
    private static func removeStale(_ path: String) throws(Errno) {
        guard Files.isSocket(path), !isServed(path) else { return }
        try Files.remove(path)
    }

    /// Whether a process has the socket, of whichever kind.
    private static func isServed(_ path: String) -> Bool {
        if UnixSocket.isServed(path) { return true }
        do {
            _ = try UnixSocket.sendDatagrams(to: path)
            return true
        } catch {
            return false
        }
    }

    /// As programs expect it that know socket activation.
    ///
    /// Source: systemd.socket(5), `NonBlocking=`.
    func makeBlocking() {
        // It is a socket, and that does not fail.
        try? descriptor.setNonBlocking(false)
    }

    /// Binds the file no longer; the socket itself is closed with the last process that has it.
    func close() {
        guard let path, Files.isSocket(path) else { return }
        try? Files.remove(path)
    }
}

extension SpawnFailure {
    fileprivate init(cannotListenOn address: String, _ reason: String, _ errno: Errno) {
        self.init(
            step: "bind",
            errno: errno.rawValue,
            message: "cannot listen on \(address): \(reason)"
        )
    }
}
