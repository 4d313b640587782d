import Glibc
import LinuxSystem
import Reactor
import Supervision
import SystemPackage
import SystemTypes
import Testing

@testable import Daemon

@Suite(.timeLimit(.minutes(5))) struct NotifySocketTests {
    private let bench: Bench
    private let web = InstanceID(program: "web", number: 0)

    init() throws {
        bench = try Bench()
    }

    private final class Reports {
        var messages: [ProgramMessage] = []
    }

    /// All processes belong to `owner`.
    private func listen(for owner: InstanceID?, _ reports: Reports) throws -> NotifySocket {
        try NotifySocket(
            beside: bench.path("keepd.sock"),
            loop: bench.loop,
            owner: { $0 == ProcessTable.current ? owner : nil },
            report: { _, message in reports.messages.append(message) }
        )
    }

    private func send(_ text: String, to address: String) throws {
        let path = address.hasPrefix("@") ? "\0" + address.dropFirst() : address
        let sender = try UnixSocket.sendDatagrams(to: path)
        _ = try Array(text.utf8).withUnsafeBytes { try sender.send($0) }
    }

    @Test func `what a program says is reported, in its order`() throws {
        let reports = Reports()
        let socket = try listen(for: web, reports)
        #expect(socket.address == bench.path("keepd.sock.notify"))
        #expect(Files.mode(of: socket.address) == 0o666)
        try send("STATUS=up\nREADY=1", to: socket.address)
        try send("WATCHDOG=1", to: socket.address)
        bench.run { reports.messages.count == 3 }
        #expect(reports.messages == [.status("up"), .ready, .alive])
    }

    @Test func `what a stranger says, and what is too long, is not heeded`() throws {
        let reports = Reports()
        let socket = try listen(for: web, reports)
        // Another process than this one.
        var request = bench.shell(
            "exec python3 -c 'import socket,sys;s=socket.socket(1,2);s.sendto(b\"READY=1\",sys.argv[1])' \"$1\""
        )
        request.arguments += ["sh", socket.address]
        let null = try Files.openNull()
        var status: SystemTypes.ExitStatus?
        let child = try bench.loop.spawn(request, stdio: (null.raw, null.raw, 2)) { status = $0 }
        bench.run { status != nil }
        #expect(status == .exited(0))
        withExtendedLifetime(child) {}
        try send("READY=1\n" + String(repeating: "x", count: 10_000), to: socket.address)
        try send("STOPPING=1", to: socket.address)
        bench.run { !reports.messages.isEmpty }
        #expect(reports.messages == [.stopping])
    }

    @Test func `whoever waits at a barrier goes on when all before it has been read`() throws {
        let reports = Reports()
        let socket = try listen(for: web, reports)
        let pipe = try Pipe()
        let reading = try OwnedFD.duplicate(pipe.reading.raw)
        let sender = try UnixSocket.sendDatagrams(to: socket.address)
        _ = try Array("READY=1".utf8).withUnsafeBytes { try sender.send($0) }
        _ = try Array("BARRIER=1".utf8).withUnsafeBytes {
            try sender.send($0, passing: [pipe.writing.raw])
        }
        var isOpen = true
        pipe.split { _, _ in }
        let watch = try bench.loop.register(reading.raw, for: .read) { _ in isOpen = false }
        bench.run { !isOpen }
        watch.cancel()
        #expect(reports.messages == [.ready])
    }

    @Test func `where not everybody gets to the directory, the socket has an abstract name`() throws
    {
        chmod(bench.directory, 0o700)
        let reports = Reports()
        let socket = try listen(for: web, reports)
        #expect(socket.address == "@keepd/\(ProcessTable.current)/notify")
        try send("READY=1", to: socket.address)
        bench.run { !reports.messages.isEmpty }
        socket.close()
        // A child that another test is about to start has it until it executes.
        bench.run { (try? send("READY=1", to: socket.address)) == nil }
    }

    @Test func `a socket that a daemon has left is replaced, and none is left behind`() throws {
        let path = bench.path("keepd.sock.notify")
        _ = try UnixSocket.receiveDatagrams(at: path, mode: 0o600)
        let socket = try listen(for: web, Reports())
        #expect(Files.mode(of: path) == 0o666)
        socket.close()
        #expect(!Files.isSocket(path))
    }
}
