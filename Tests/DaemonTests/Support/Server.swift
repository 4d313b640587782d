import Glibc
import LinuxSystem
import SystemPackage
import SystemTypes

/// A connection to a server of this machine, by TCP.
struct Server: ~Copyable {
    /// A program of Python that says what it hears louder, on the socket that it is given.
    static let upper = """
        import socket
        server = socket.socket(fileno=3)
        while True:
            client, _ = server.accept()
            client.sendall(client.recv(100).upper())
            client.close()
        """

    private let socket: OwnedFD

    /// - Parameter isPatient: Whether to try again until somebody listens.
    init(_ port: String, isPatient: Bool = true) throws {
        func connect() throws -> OwnedFD? {
            let socket = try Server.makeSocket()
            var address = Server.loopback(port: UInt16(port) ?? 0)
            let raw = socket.raw
            let result = withBytes(of: &address) { Glibc.connect(raw, $0, $1) }
            guard result == 0 else { return nil }
            return socket
        }
        let deadline = Instant.now + (isPatient ? patience : .zero)
        while true {
            if let socket = try connect() {
                self.socket = socket
                return
            }
            guard .now < deadline else { throw NeverHappened("an answer on port \(port)") }
            poll(nil, 0, 10)
        }
    }

    /// Sends a request, and reads until that text has come, or the end.
    func answer(_ request: String, until end: String) throws -> String {
        var request = request
        _ = try request.withUTF8 { try socket.write(UnsafeRawBufferPointer($0)) }
        var (text, deadline) = ("", Instant.now + patience)
        while !text.contains(end) {
            try waitUntilReadable(socket.raw, "the answer to \(request)", until: deadline)
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = try buffer.withUnsafeMutableBytes { try socket.read(into: $0) } ?? 0
            if count == 0 { break }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            deadline = .now + patience
        }
        return text
    }

    fileprivate static func makeSocket() throws -> OwnedFD {
        let raw = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw Errno(rawValue: errno) }
        return OwnedFD(adopting: raw)
    }

    fileprivate static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }
}

private func withBytes<Result>(
    of address: inout sockaddr_in,
    _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}

/// Ports that nobody else listens on, found by asking the kernel for some.
struct FreePorts {
    private let ports: [String]

    init(_ count: Int) throws {
        var (ports, held) = ([String](), [CInt]())
        defer { for raw in held { close(raw) } }
        for _ in 0..<count {
            let raw = try Server.makeSocket().release()
            held.append(raw)
            var address = Server.loopback(port: 0)
            guard withBytes(of: &address, { bind(raw, $0, $1) }) == 0 else {
                throw Errno(rawValue: errno)
            }
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            guard withBytes(of: &address, { address, _ in getsockname(raw, address, &length) }) == 0
            else { throw Errno(rawValue: errno) }
            ports.append(String(UInt16(bigEndian: address.sin_port)))
        }
        self.ports = ports
    }

    subscript(index: Int) -> String { ports[index] }
}
