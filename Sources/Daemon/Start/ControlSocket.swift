internal import LinuxSystem
internal import Supervision
internal import SystemPackage

/// The file of the control socket, from the moment it is ours until it is removed.
struct ControlSocket: ~Copyable {
    /// Why the daemon cannot have it.
    enum Refusal: Error {
        case anotherDaemon(path: String)
        case cannotCreate(path: String, Errno)
        case noSuchAccount(String)
    }

    private static let backlog = 128
    private static let directoryMode: UInt32 = 0o755

    let path: String
    let listener: OwnedFD

    /// Takes the path, also from a daemon that left its socket behind.
    ///
    /// Two daemons that start at once must not both find the same socket stale. So the directory
    /// is locked while it is decided; the lock leaves nothing behind.
    init(_ path: String, _ settings: DaemonConfiguration.Socket) throws(Refusal) {
        self.path = path
        listener = try ControlSocket.listen(at: path, settings)
    }

    /// One that a daemon before has taken, in the same process.
    init(_ path: String, adopting listener: consuming OwnedFD) {
        self.path = path
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
        }
    }

    var exitCode: ExitCode {
        switch self {
        case .anotherDaemon: .anotherDaemon
        case .cannotCreate, .noSuchAccount: .cannotCreate
        }
    }
}
