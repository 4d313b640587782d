internal import CLinux
internal import Glibc
public import SystemPackage

/// Sockets of IPv4 and IPv6; none of them blocks, and none looks up a name.
///
/// Source: ip(7), ipv6(7), tcp(7), udp(7).
public enum InternetSocket {
    /// Binds and listens.
    ///
    /// `::` is bound for IPv4 as well, where the system has it so.
    ///
    /// - Parameters:
    ///   - host: A number.
    ///   - sharesPort: Whether others may bind the same port; the kernel then spreads the
    ///     connections.
    /// - Throws: `.addressInUse`; `.addressNotAvailable` if `host` is none of this machine's.
    ///
    /// Source: socket(7), `SO_REUSEADDR`, `SO_REUSEPORT`.
    public static func listen(
        at host: String,
        port: UInt16,
        backlog: Int32,
        sharesPort: Bool
    ) throws(Errno) -> OwnedFD {
        let socket = OwnedFD(adopting: try syscall { clinux_internet_socket(host, 0) })
        let raw = socket.raw
        // The port of a connection that was just closed is not free otherwise.
        try socket.set(SO_REUSEADDR, to: 1)
        if sharesPort { try socket.set(SO_REUSEPORT, to: 1) }
        try syscall { clinux_internet_bind(raw, host, port) }
        try syscall { Glibc.listen(raw, backlog) }
        return socket
    }

    /// Binds a socket for datagrams, as ``listen(at:port:backlog:sharesPort:)`` does.
    public static func receiveDatagrams(
        at host: String,
        port: UInt16,
        sharesPort: Bool
    ) throws(Errno) -> OwnedFD {
        let socket = OwnedFD(adopting: try syscall { clinux_internet_socket(host, 1) })
        let raw = socket.raw
        if sharesPort { try socket.set(SO_REUSEPORT, to: 1) }
        try syscall { clinux_internet_bind(raw, host, port) }
        return socket
    }

    /// Begins to connect; once the socket can be written, ``OwnedFD/takeError()`` says how it went.
    ///
    /// - Parameter host: A number.
    public static func beginToConnect(to host: String, port: UInt16) throws(Errno) -> OwnedFD {
        let socket = OwnedFD(adopting: try syscall { clinux_internet_socket(host, 0) })
        let raw = socket.raw
        do {
            try syscall { clinux_internet_connect(raw, host, port) }
        } catch .nowInProgress {
            // As it should be.
        }
        return socket
    }

    /// The numbers that a name stands for, in the order in which to try them; may wait for long.
    ///
    /// - Returns: None if the name is unknown, or nobody can be asked.
    ///
    /// Source: getaddrinfo(3), getnameinfo(3).
    public static func addresses(of name: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &found) == 0 else { return [] }
        defer { freeaddrinfo(found) }
        var addresses: [String] = []
        var next = found
        while let entry = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let size = socklen_t(text.count)
            if getnameinfo(entry.ai_addr, entry.ai_addrlen, &text, size, nil, 0, NI_NUMERICHOST)
                == 0
            {
                let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
                addresses.append(String(decoding: bytes, as: UTF8.self))
            }
            next = entry.ai_next
        }
        return addresses
    }
}

extension OwnedFD {
    /// What has gone wrong with a socket since this was last asked; `nil` for nothing.
    ///
    /// Source: socket(7), `SO_ERROR`.
    public func takeError() throws(Errno) -> Errno? {
        let raw = raw
        var number: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        try syscall { getsockopt(raw, SOL_SOCKET, SO_ERROR, &number, &size) }
        return number == 0 ? nil : Errno(rawValue: number)
    }
}
