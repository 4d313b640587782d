import Glibc
import LinuxSystem
import Supervision
import SystemPackage
import Testing

@testable import Daemon

@Suite struct SocketKeeperTests {
    private let bench: Bench
    private let keeper = SocketKeeper()

    init() throws {
        bench = try Bench()
    }

    private func program(_ sockets: ListeningSocket...) -> ProgramConfiguration {
        var program = ProgramConfiguration(name: "web", command: ["true"])
        program.sockets = sockets
        return program
    }

    private func unix(_ name: String) -> ListeningSocket {
        ListeningSocket(name: name, address: .unix(bench.path(name)))
    }

    private func request(
        _ program: ProgramConfiguration,
        instance: Int = 0
    ) throws -> SpawnRequest {
        var request = SpawnRequest(candidates: [], arguments: [], environment: [])
        try keeper.pass(program, instance: instance, to: &request)
        return request
    }

    @Test func `a program without sockets gets nothing`() throws {
        let request = try request(program())
        #expect(request.descriptors.isEmpty)
        #expect(request.environment.isEmpty)
    }

    @Test func `sockets are passed from 3 on, in their order and with their names`() throws {
        let request = try request(program(unix("one"), unix("two")))
        #expect(request.descriptors.keys.sorted() == [3, 4])
        #expect(request.environment == ["LISTEN_FDS=2", "LISTEN_FDNAMES=one:two"])
        #expect(request.pidVariables == ["LISTEN_PID"])
        let peer = try UnixSocket.connect(to: bench.path("two"))
        let fd = try #require(request.descriptors[4])
        let epoll = try Epoll()
        try epoll.add(fd, for: .read, token: 0)
        var isWaiting = false
        try epoll.wait(timeout: .zero) { _, _ in isWaiting = true }
        #expect(isWaiting)
        withExtendedLifetime(peer.raw) {}
    }

    @Test func `accept waits, whatever the run before has made of the socket`() throws {
        func isBlocking(_ raw: CInt) -> Bool { fcntl(raw, F_GETFL) & O_NONBLOCK == 0 }
        var alone = program(unix("one"))
        let raw = try #require(try request(alone).descriptors[3])
        #expect(isBlocking(raw))
        #expect(fcntl(raw, F_SETFL, O_NONBLOCK) == 0)
        _ = try request(alone)
        #expect(isBlocking(raw))
        // Another instance has it, and shall not be surprised.
        alone.instances = 2
        #expect(fcntl(raw, F_SETFL, O_NONBLOCK) == 0)
        _ = try request(alone, instance: 1)
        #expect(!isBlocking(raw))
    }

    @Test func `the next run, and another instance, get the same socket`() throws {
        let program = program(unix("one"))
        let first = try request(program)
        #expect(try request(program).descriptors == first.descriptors)
        #expect(try request(program, instance: 1).descriptors == first.descriptors)
    }

    @Test func `where the port is shared, each instance gets one of its own`() throws {
        let endpoint = Endpoint(host: "127.0.0.1", port: Bench.nextPort())
        var socket = ListeningSocket(name: "http", address: .internet(endpoint))
        socket.reusePort = true
        let program = program(socket)
        let first = try request(program)
        let second = try request(program, instance: 1)
        #expect(first.descriptors != second.descriptors)
        #expect(try request(program, instance: 1).descriptors == second.descriptors)
    }

    @Test func `an instance that goes takes its own socket along, and that of no other`() throws {
        let endpoint = Endpoint(host: "127.0.0.1", port: Bench.nextPort())
        var own = ListeningSocket(name: "http", address: .internet(endpoint))
        own.reusePort = true
        let program = program(own, unix("one"))
        let second = try request(program, instance: 1)
        func isFree() -> Bool {
            let (host, port) = (endpoint.host, endpoint.port)
            let socket = try? InternetSocket.listen(
                at: host,
                port: port,
                backlog: 1,
                sharesPort: false
            )
            return socket != nil
        }
        keeper.release(InstanceID(program: "web", number: 0))
        #expect(try request(program, instance: 1).descriptors == second.descriptors && !isFree())
        keeper.release(InstanceID(program: "web", number: 1))
        // A child that another test is about to start has it until it executes.
        bench.run { isFree() }
        #expect(UnixSocket.isServed(bench.path("one")))
    }

    @Test func `a socket that is configured otherwise is bound anew`() throws {
        _ = try request(program(unix("one")))
        var other = unix("one")
        other.mode = 0o600
        _ = try request(program(other))
        #expect(Files.mode(of: bench.path("one")) == 0o600)
    }

    @Test func `once they are released, nobody listens and no file is left`() throws {
        _ = try request(program(unix("one")))
        #expect(UnixSocket.isServed(bench.path("one")))
        keeper.release("db")
        #expect(UnixSocket.isServed(bench.path("one")))
        keeper.release("web")
        #expect(!Files.isSocket(bench.path("one")))
    }

    @Test func `a socket that somebody has left is replaced`() throws {
        _ = try UnixSocket.listen(at: bench.path("one"), backlog: 1, mode: 0o600)
        // A child that another test is about to start has it until it executes.
        bench.run { !UnixSocket.isServed(bench.path("one")) }
        _ = try request(program(unix("one")))
        #expect(UnixSocket.isServed(bench.path("one")))
    }

    @Test(arguments: [ListeningSocket.Kind.stream, .datagram])
    func `a socket that somebody has is refused`(kind: ListeningSocket.Kind) throws {
        let path = bench.path("one")
        let other =
            kind == .stream
            ? try UnixSocket.listen(at: path, backlog: 1, mode: 0o600).release()
            : try UnixSocket.receiveDatagrams(at: path, mode: 0o600).release()
        let owner = OwnedFD(adopting: other)
        #expect(failure(unix("one")) == "cannot listen on \(path): address already in use")
        withExtendedLifetime(owner.raw) {}
    }

    @Test func `a file that is no socket is refused, and left as it is`() throws {
        let path = bench.path("one")
        _ = try Files.openForAppending(path, mode: 0o600)
        #expect(
            failure(unix("one")) == "cannot listen on \(path): there is a file that is no socket"
        )
        #expect(Files.mode(of: path) == 0o600)
    }

    @Test func `an owner that nobody is is told`() {
        var socket = unix("one")
        socket.owner = "nobody-of-that-name"
        let path = bench.path("one")
        #expect(failure(socket) == "cannot listen on \(path): no such user nobody-of-that-name")
    }

    private func failure(_ socket: ListeningSocket) -> String? {
        do {
            _ = try request(program(socket))
            return nil
        } catch {
            return (error as? SpawnFailure)?.message
        }
    }
}
