import Glibc

struct ListenError: Error, CustomStringConvertible {
    let port: UInt16
    let number: CInt

    var description: String {
        "cannot listen on 127.0.0.1:\(port): \(String(cString: strerror(number)).lowercased())"
    }
}

/// A TCP socket that waits for visitors on 127.0.0.1.
struct Listener {
    private let descriptor: CInt

    init(port: UInt16) throws(ListenError) {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var yes: CInt = 1
        // Else a restart within a minute of the last visit finds the port taken.
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        guard bind(to: port), listen(descriptor, 16) == 0 else {
            throw ListenError(port: port, number: errno)
        }
    }

    /// Waits for the next visitor; `nil` if that one has left already.
    ///
    /// The visitor has two seconds for each thing it has to say, so that it cannot keep the others
    /// waiting for ever.
    func accept() -> CInt? {
        let connection = Glibc.accept(descriptor, nil, nil)
        guard connection >= 0 else { return nil }
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        return connection
    }

    private func bind(to port: UInt16) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
