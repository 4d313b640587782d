import LinuxSystem
import SystemPackage
import Testing

@Suite struct InternetSocketTests {
    /// The first port of those that nobody hands out at which `host` can be listened.
    private func listen(at host: String, sharesPort: Bool = false) throws -> (UInt16, Int32) {
        for port in UInt16(20_000)..<UInt16(21_000) {
            do {
                let socket = try InternetSocket.listen(
                    at: host,
                    port: port,
                    backlog: 4,
                    sharesPort: sharesPort
                )
                return (port, socket.release())
            } catch Errno.addressInUse {
                continue
            }
        }
        throw Errno.addressInUse
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func `a connection to one who listens is made`(host: String) throws {
        let (port, raw) = try listen(at: host)
        let listener = OwnedFD(adopting: raw)
        let socket = try InternetSocket.beginToConnect(to: host, port: port)
        let epoll = try Epoll()
        try epoll.add(socket.raw, for: .write, token: 0)
        try epoll.wait(timeout: .seconds(10)) { _, _ in }
        #expect(try socket.takeError() == nil)
        let accepted = try listener.accept()
        let isAccepted =
            switch accepted {
            case .some: true
            case nil: false
            }
        #expect(isAccepted)
    }

    @Test func `where nobody listens, the connection is refused`() throws {
        let (port, raw) = try listen(at: "127.0.0.1")
        _ = OwnedFD(adopting: raw)
        var refusal: Errno?
        do {
            let socket = try InternetSocket.beginToConnect(to: "127.0.0.1", port: port)
            let epoll = try Epoll()
            try epoll.add(socket.raw, for: .write, token: 0)
            try epoll.wait(timeout: .seconds(10)) { _, _ in }
            refusal = try socket.takeError()
        } catch {
            refusal = error
        }
        #expect(refusal == .connectionRefused)
    }

    @Test func `a port is one socket's, unless all share it`() throws {
        let (port, raw) = try listen(at: "127.0.0.1")
        let first = OwnedFD(adopting: raw)
        #expect(throws: Errno.addressInUse) {
            _ = try InternetSocket.listen(
                at: "127.0.0.1",
                port: port,
                backlog: 4,
                sharesPort: true
            ).release()
        }
        withExtendedLifetime(first.raw) {}
        let (shared, other) = try listen(at: "127.0.0.1", sharesPort: true)
        let one = OwnedFD(adopting: other)
        let two = try InternetSocket.listen(
            at: "127.0.0.1",
            port: shared,
            backlog: 4,
            sharesPort: true
        )
        #expect(one.raw != two.raw)
    }

    @Test(arguments: ["", "localhost", "300.0.0.1", "[::1]"])
    func `a host that is no number is no address`(host: String) {
        #expect(throws: Errno.addressNotAvailable) {
            _ = try InternetSocket.listen(at: host, port: 1, backlog: 1, sharesPort: false)
                .release()
        }
    }

    @Test func `a number stands for itself`() {
        #expect(InternetSocket.addresses(of: "127.0.0.1") == ["127.0.0.1"])
    }
}
