import LinuxSystem
import SystemPackage
import Testing

@Suite struct InternetSocketTests {
    /// A socket in a box, which macros and closures can take.
    private final class Socket {
        let fd: OwnedFD

        init(_ fd: consuming OwnedFD) {
            self.fd = fd
        }
    }

    private func listen(at host: String, _ port: UInt16, shared: Bool) throws(Errno) -> Socket {
        Socket(try InternetSocket.listen(at: host, port: port, backlog: 4, sharesPort: shared))
    }

    /// The first port, of those that nobody hands out, at which `host` can be listened.
    private func listen(at host: String, shared: Bool = false) throws -> (UInt16, Socket) {
        for port in UInt16(20_000)..<UInt16(21_000) {
            if let socket = try? listen(at: host, port, shared: shared) { return (port, socket) }
        }
        throw Errno.addressInUse
    }

    /// Waits until it is known what becomes of a connection.
    private func connect(to host: String, _ port: UInt16) throws {
        let socket = try InternetSocket.beginToConnect(to: host, port: port)
        let epoll = try Epoll()
        try epoll.add(socket.raw, for: .write, token: 0)
        try epoll.wait(timeout: .seconds(10)) { _, _ in }
        if let error = try socket.takeError() { throw error }
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func `a connection is made where somebody listens, and else refused`(host: String) throws {
        var (port, socket): (UInt16, Socket?) = try listen(at: host)
        try connect(to: host, port)
        withExtendedLifetime(socket) {}
        socket = nil
        // A child that another test is about to start has it until it executes.
        while (try? connect(to: host, port)) != nil {}
        #expect(throws: Errno.connectionRefused) { try connect(to: host, port) }
    }

    @Test func `a port is one socket's, unless all share it`() throws {
        let (port, socket) = try listen(at: "127.0.0.1")
        #expect(throws: Errno.addressInUse) {
            try listen(at: "127.0.0.1", port, shared: true)
        }
        let (shared, one) = try listen(at: "127.0.0.1", shared: true)
        let two = try listen(at: "127.0.0.1", shared, shared: true)
        withExtendedLifetime((socket, one, two)) {}
    }

    @Test(arguments: ["", "localhost", "300.0.0.1", "[::1]"])
    func `a host that is no number is no address`(host: String) {
        #expect(throws: Errno.addressNotAvailable) { try listen(at: host, 1, shared: false) }
    }

    @Test func `a number stands for itself`() {
        #expect(InternetSocket.addresses(of: "127.0.0.1") == ["127.0.0.1"])
    }
}
