internal import LinuxSystem
internal import Supervision
internal import SystemPackage

/// The control socket, and its file, if that is keepd's own: from the moment it is until it is
/// removed.
struct ControlSocket: ~Copyable {
    /// Why the daemon cannot have it.
    enum Refusal: Error {
        case anotherDaemon(path: String)
        case cannotCreate(path: String, Errno)
        case noSuchAccount(String)
        /// What the service manager has passed is something else.
        case notListening
    }

    private static let backlog = 128
    private static let directoryMode: UInt32 = 0o755

    let path: String
    let listener: OwnedFD
    /// Of a passed one the file is somebody else's, along with its mode and owner.
    let isOwn: Bool

    /// Takes the path, also from a daemon that left its socket behind.
    ///
    /// Two daemons that start at once must not both find the same socket stale. So the directory
    /// is locked while it is decided; the lock leaves nothing behind.
    init(_ path: String, _ settings: DaemonConfiguration.Socket) throws(Refusal) {
        self.path = path
        isOwn = true
        listener = try ControlSocket.listen(at: path, settings)
    }

    /// Takes a socket on which the service manager listens.
    ///
    /// - Parameter path: Where it would be without, for one that has no path of its own.
    init(passed socket: consuming OwnedFD, instead path: String) throws(Refusal) {
        let raw = socket.release()
        guard let listener = try? OwnedFD(adoptingSocket: raw, as: .listener),
            let found = try? UnixSocket.path(of: listener) ?? path
        else { throw .notListening }
        self.path = found
        isOwn = false
        self.listener = listener
    }

    /// Removes the file.
    func remove() {
        if isOwn { try? Files.remove(path) }
    }

    /// One that a daemon before has taken, in the same process.
    init(_ path: String, isOwn: Bool, adopting listener: consuming OwnedFD) {
        self.path = path
        self.isOwn = isOwn
        self.listener = listener
    }

    private static func listen(
        at path: String,
        _ settings: DaemonConfiguration.Socket
    ) throws(Refusal) -> OwnedFD {
        do {
            let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            try Files.makeDirectories(directory, mode: directoryMode)
            let lock = try Files.openForReading(directory.isEmpty ? "/" : directory)
            try Files.lockAndWait(lock)
            if UnixSocket.isServed(path) { throw Refusal.anotherDaemon(path: path) }
            if Files.isSocket(path) { try Files.remove(path) }
            let listener = try UnixSocket.listen(at: path, backlog: backlog, mode: settings.mode)
            try setOwner(path, settings)
            return listener
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw .cannotCreate(path: path, (error as? Errno) ?? .ioError)
        }
    }

    private static func setOwner(
        _ path: String,
        _ settings: DaemonConfiguration.Socket
    ) throws {
        let user = settings.owner.flatMap(Accounts.user)
        let group = settings.group.flatMap(Accounts.group)
        if let name = settings.owner, user == nil { throw Refusal.noSuchAccount(name) }
        if let name = settings.group, group == nil { throw Refusal.noSuchAccount(name) }
        if user != nil || group != nil {
            try Files.setOwner(path, user: user?.id, group: group)
        }
    }
}

extension ControlSocket.Refusal: CustomStringConvertible {
    var description: String {
        switch self {
        case .anotherDaemon(let path): "cannot listen on \(path): another daemon does"
        case .cannotCreate(let path, let error): "cannot listen on \(path): \(error.reason)"
        case .noSuchAccount(let name): "cannot give the control socket to \(name): no such account"
        case .notListening: "cannot use the socket of the service manager: nobody can connect to it"
        }
    }

    var exitCode: ExitCode {
        switch self {
        case .anotherDaemon: .anotherDaemon
        case .cannotCreate, .noSuchAccount, .notListening: .cannotCreate
        }
    }
}
