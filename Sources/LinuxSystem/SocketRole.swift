internal import Glibc
public import SystemPackage

/// What a socket that came from somebody else has to be, before it is used.
///
/// Source: socket(7), SO_TYPE and SO_ACCEPTCONN; sd_listen_fds(3).
public enum SocketRole: Sendable {
    /// A stream socket on which connections can be accepted.
    case listener
    /// A stream socket that is one.
    case connection
    /// A socket for datagrams.
    case datagrams
}

extension OwnedFD {
    /// Takes over a socket that this process was started with, or was passed, if it is what it has
    /// to be; close-on-exec and non-blocking from now on.
    ///
    /// - Throws: `.notSocket` for another kind of descriptor, `.invalidArgument` for a socket of
    ///   another role; `raw` is the caller's then, as before.
    public init(adoptingSocket raw: CInt, as role: SocketRole) throws(Errno) {
        let isDatagrams = try OwnedFD.option(SO_TYPE, of: raw) == CInt(SOCK_DGRAM.rawValue)
        let isListener = try OwnedFD.option(SO_ACCEPTCONN, of: raw) != 0
        let found: SocketRole = isDatagrams ? .datagrams : isListener ? .listener : .connection
        guard found == role else { throw .invalidArgument }
        try syscall { fcntl(raw, F_SETFD, FD_CLOEXEC) }
        let flags = try syscall { fcntl(raw, F_GETFL) }
        try syscall { fcntl(raw, F_SETFL, flags | O_NONBLOCK) }
        self.init(adopting: raw)
    }

    private static func option(_ name: CInt, of raw: CInt) throws(Errno) -> CInt {
        var value: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        try syscall { getsockopt(raw, SOL_SOCKET, name, &value, &size) }
        return value
    }

    func set(_ name: CInt, to value: CInt) throws(Errno) {
        let raw = raw
        var value = value
        try syscall {
            setsockopt(raw, SOL_SOCKET, name, &value, socklen_t(MemoryLayout<CInt>.size))
        }
    }

    /// Sends no more; the other side reads on to the end of what was sent, and may still write.
    ///
    /// Source: shutdown(2), SHUT_WR.
    ///
    /// - Throws: `.notConnected` if the other side is gone.
    public func finishSending() throws(Errno) {
        let raw = raw
        try syscall { shutdown(raw, CInt(SHUT_WR)) }
    }
}
