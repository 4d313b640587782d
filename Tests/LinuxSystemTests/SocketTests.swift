import Glibc
import SystemPackage
import SystemTypes
import Testing

@testable import LinuxSystem

@Suite struct SocketTests {
    @Test func `an abstract name needs no file, and is as long as it says`() throws {
        let name = "\0keepd-abstract-\(ProcessTable.current)"
        let listener = try UnixSocket.listen(at: name, backlog: 1, mode: 0o600)
        #expect(UnixSocket.isServed(name))
        #expect(!UnixSocket.isServed(name + "\0"))
        #expect(throws: Errno.addressInUse) {
            _ = try UnixSocket.listen(at: name, backlog: 1, mode: 0o600)
        }
        #expect(try listener.accept() != nil)
    }

    @Test(arguments: [0o600, 0o666] as [UInt32])
    func `a socket's file has the mode that was asked for`(mode: UInt32) throws {
        let path = "/tmp/keepd-mode-\(ProcessTable.current)-\(mode)"
        defer { unlink(path) }
        _ = try UnixSocket.listen(at: path, backlog: 1, mode: mode)
        #expect(Files.mode(of: path) == mode)
        unlink(path)
        _ = try UnixSocket.receiveDatagrams(at: path, mode: mode)
        #expect(Files.mode(of: path) == mode)
    }

    @Test func `an adopted socket is what it has to be`() throws {
        let listener = try UnixSocket.listen(
            at: "\0keepd-adopted-\(ProcessTable.current)",
            backlog: 1,
            mode: 0
        ).release()
        let pair = try UnixSocket.Pair()
        let datagrams = try UnixSocket.receiveDatagrams(
            at: "\0keepd-adopted-datagrams-\(ProcessTable.current)",
            mode: 0
        ).release()
        let sockets: [(SocketRole, CInt)] = [
            (.listener, listener), (.connection, dup(pair.one.raw)), (.datagrams, datagrams),
        ]
        for (role, raw) in sockets {
            for (other, _) in sockets where other != role {
                #expect(throws: Errno.invalidArgument) {
                    _ = try OwnedFD(adoptingSocket: raw, as: other)
                }
            }
            _ = fcntl(raw, F_SETFD, 0)
            let adopted = try OwnedFD(adoptingSocket: raw, as: role)
            #expect(adopted.raw == raw)
            #expect(fcntl(raw, F_GETFD) == FD_CLOEXEC)
            #expect(fcntl(raw, F_GETFL) & O_NONBLOCK != 0)
        }
        let pipe = try Pipe()
        #expect(throws: Errno.notSocket) {
            _ = try OwnedFD(adoptingSocket: pipe.reading.raw, as: .connection)
        }
    }

    @Test func `a pipe holds as much as was asked for`() throws {
        let pipe = try Pipe()
        pipe.reading.widenPipe(to: 262_144)
        try pipe.writing.setNonBlocking(true)
        let bytes = [UInt8](repeating: 1, count: 300_000)
        #expect(try bytes.withUnsafeBytes { try pipe.writing.write($0) } == 262_144)
    }

    @Test func `too many descriptors for one message are refused`() throws {
        let pair = try UnixSocket.Pair()
        let many = [CInt](repeating: pair.one.raw, count: 254)
        #expect(throws: Errno.invalidArgument) {
            try [1].withUnsafeBytes { _ = try pair.one.send($0, passing: many) }
        }
    }
}
