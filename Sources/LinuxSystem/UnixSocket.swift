internal import CLinux
internal import Glibc
public import SystemPackage
public import SystemTypes

/// Sockets between processes of one machine.
///
/// They are known by a path of the file system or, where it begins with a NUL, by an abstract name,
/// which needs no file and goes with the socket.
///
/// Source: unix(7).
public enum UnixSocket {
    /// Who is at the other end, as the kernel says it.
    public struct Peer: Equatable, Sendable {
        /// `nil` where the peer lives in a process id name space that cannot be seen from here.
        public let process: ProcessID?
        public let user: UInt32
        public let group: UInt32
    }

    /// Two sockets that are connected with each other.
    ///
    /// Source: socketpair(2).
    public struct Pair: ~Copyable, Sendable {
        public let one: OwnedFD
        public let other: OwnedFD

        /// Both are close-on-exec, and block.
        public init() throws(Errno) {
            var ends: (CInt, CInt) = (-1, -1)
            try syscall {
                withUnsafeMutableBytes(of: &ends) {
                    clinux_unix_pair($0.bindMemory(to: CInt.self).baseAddress)
                }
            }
            one = OwnedFD(adopting: ends.0)
            other = OwnedFD(adopting: ends.1)
        }
    }

    /// Connects without waiting; the descriptor does not block.
    ///
    /// - Returns: `nil` if the queue of those who want to connect is full, of which the kernel
    ///   tells no end: try again later.
    /// - Throws: As ``connect(to:)`` does.
    public static func connectNow(to path: String) throws(Errno) -> OwnedFD? {
        let socket = OwnedFD(adopting: try syscall { clinux_unix_socket(0, 0) })
        do {
            let raw = socket.raw
            try withPath(path) { clinux_unix_connect(raw, $0, $1) }
        } catch .wouldBlock {
            return nil
        }
        return socket
    }

    /// Connects, and waits for it; the descriptor blocks.
    ///
    /// - Throws: `.noSuchFileOrDirectory` where there is no socket, `.connectionRefused` where
    ///   nobody listens, `.fileNameTooLong` over 107 bytes.
    public static func connect(to path: String) throws(Errno) -> OwnedFD {
        let socket = OwnedFD(adopting: try syscall { clinux_unix_socket(0, 1) })
        let raw = socket.raw
        try withPath(path) { clinux_unix_connect(raw, $0, $1) }
        return socket
    }

    /// Whether somebody listens at `path`; asks without waiting.
    public static func isServed(_ path: String) -> Bool {
        do {
            // Where the queue of those who want to connect is full, it is somebody's.
            _ = try connectNow(to: path)
            return true
        } catch {
            return false
        }
    }

    /// Binds and listens; the descriptor does not block.
    ///
    /// - Parameter mode: Permission bits, whatever the umask; the file never has more.
    /// - Throws: `.addressInUse` if there is a file at `path`, whatever it is.
    public static func listen(
        at path: String,
        backlog: Int,
        mode: UInt32
    ) throws(Errno) -> OwnedFD {
        let socket = OwnedFD(adopting: try syscall { clinux_unix_socket(0, 0) })
        try bind(socket, to: path, mode: mode)
        let raw = socket.raw
        try syscall { Glibc.listen(raw, CInt(backlog)) }
        return socket
    }

    /// Binds a socket for datagrams, each of which tells who sent it; it does not block.
    ///
    /// - Parameter mode: As for ``listen(at:backlog:mode:)``.
    /// - Throws: `.addressInUse` if there is a file at `path`, whatever it is.
    ///
    /// Source: unix(7), `SO_PASSCRED`.
    public static func receiveDatagrams(at path: String, mode: UInt32) throws(Errno) -> OwnedFD {
        let socket = OwnedFD(adopting: try syscall { clinux_unix_socket(1, 0) })
        // Before anybody can send.
        try socket.set(SO_PASSCRED, to: 1)
        try bind(socket, to: path, mode: mode)
        return socket
    }

    /// A socket whose datagrams go to `path`; it does not block.
    public static func sendDatagrams(to path: String) throws(Errno) -> OwnedFD {
        let socket = OwnedFD(adopting: try syscall { clinux_unix_socket(1, 0) })
        let raw = socket.raw
        try withPath(path) { clinux_unix_connect(raw, $0, $1) }
        return socket
    }

    private static func bind(
        _ socket: borrowing OwnedFD,
        to path: String,
        mode: UInt32
    ) throws(Errno) {
        let raw = socket.raw
        // The file is made with the mode of its socket, less the umask, which is not to be touched:
        // other threads make files meanwhile.
        try socket.setMode(mode)
        try withPath(path) { clinux_unix_bind(raw, $0, $1) }
        guard path.utf8.first != 0 else { return }
        try syscall { fchmodat(AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW) }
    }

    /// Source: unix(7), `SO_PEERCRED`.
    public static func peer(of connection: borrowing OwnedFD) throws(Errno) -> Peer {
        let raw = connection.raw
        var (process, user, group) = (pid_t(0), uid_t(0), gid_t(0))
        try syscall { clinux_peer_credentials(raw, &process, &user, &group) }
        return Peer(
            process: process > 0 ? ProcessID(rawValue: process) : nil,
            user: user,
            group: group
        )
    }

    /// The supplementary groups that the peer had when it connected.
    ///
    /// Source: unix(7), `SO_PEERGROUPS`, Linux 4.13.
    public static func groups(ofPeerAt connection: borrowing OwnedFD) throws(Errno) -> [UInt32] {
        let raw = connection.raw
        var groups = [gid_t](repeating: 0, count: 32)
        while true {
            var count = groups.count
            do {
                try syscall { clinux_peer_groups(raw, &groups, &count) }
                return Array(groups.prefix(count))
            } catch .outOfRange where count > groups.count {
                groups = [gid_t](repeating: 0, count: count)
            }
        }
    }

    /// Where a socket is bound; `nil` if it has no path, but an abstract name or none.
    ///
    /// - Throws: `.protocolNotSupported` if it is a socket of another family.
    ///
    /// Source: getsockname(2), unix(7).
    public static func path(of socket: borrowing OwnedFD) throws(Errno) -> String? {
        let raw = socket.raw
        var address = sockaddr_un()
        var size = socklen_t(MemoryLayout<sockaddr_un>.size)
        try syscall {
            withUnsafeMutableBytes(of: &address) {
                getsockname(raw, $0.bindMemory(to: sockaddr.self).baseAddress, &size)
            }
        }
        guard address.sun_family == sa_family_t(AF_UNIX) else { throw .protocolNotSupported }
        let count = Int(size) - MemoryLayout<sa_family_t>.size
        let path = withUnsafeBytes(of: address.sun_path) { bytes in
            bytes.prefix(max(0, count)).prefix { $0 != 0 }
        }
        return path.isEmpty ? nil : String(decoding: path, as: UTF8.self)
    }

    private static func withPath(
        _ path: String,
        _ call: (UnsafePointer<CChar>?, Int) -> CInt
    ) throws(Errno) {
        let bytes = path.utf8.map { CChar(bitPattern: $0) }
        try syscall { bytes.withUnsafeBufferPointer { call($0.baseAddress, $0.count) } }
    }
}

extension OwnedFD {
    /// Takes one connection that waits, non-blocking; `nil` if there is none.
    public func accept() throws(Errno) -> OwnedFD? {
        let raw = raw
        return try unlessItWouldBlock { () throws(Errno) -> OwnedFD in
            OwnedFD(adopting: try syscall { clinux_accept(raw) })
        }
    }

    /// As ``write(_:)``, for a socket: a peer that is gone raises no SIGPIPE.
    public func send(_ bytes: UnsafeRawBufferPointer) throws(Errno) -> Int? {
        let raw = raw
        return try unlessItWouldBlock { () throws(Errno) in
            try syscall { clinux_send(raw, bytes.baseAddress, bytes.count) }
        }
    }
}
