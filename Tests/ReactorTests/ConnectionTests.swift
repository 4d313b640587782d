import Glibc
import LinuxSystem
import Reactor
import SystemPackage
import SystemTypes
import Testing

/// Runs `body` on a new loop, to its end.
private func onLoop<Result: Sendable>(
    _ kind: LoopKind,
    _ body: @escaping @Sendable (EventLoop) async throws -> Result
) throws -> Result {
    let loop = try kind.makeLoop()
    defer { loop.close() }
    return try loop.runUntilComplete { try await body(loop) }
}

/// A socket's name that no other test has, and no file.
private func name(_ test: String, _ kind: LoopKind) -> String {
    "\0keepd-\(ProcessTable.current)-\(test)-\(kind)"
}

/// How many descriptors this process has of one pipe.
func openings(of fd: CInt) -> Int {
    func file(_ fd: CInt) -> ino_t? {
        var status = stat()
        let isPipe = fstat(fd, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
        return isPipe ? status.st_ino : nil
    }
    let pipe = file(fd)
    return (0..<4_096).count { file($0) == pipe }
}

@Suite struct ConnectionTests {
    @Test(arguments: LoopKind.allCases)
    func `a server and a client know each other, and each way ends by itself`(kind: LoopKind) throws
    {
        try onLoop(kind) { loop in
            let name = name("ways", kind)
            let listener = try UnixListener(
                UnixSocket.listen(at: name, backlog: 8, mode: 0),
                loop: loop
            ) { socket in
                guard let server = try? Connection(socket, on: loop) else { return }
                loop.spawn {
                    #expect(server.peer.process == ProcessTable.current)
                    let question = try await server.input.readToEnd(limit: 1_000_000)
                    try await server.output.write(question.reversed())
                    server.close()
                }
            }
            let client = try await loop.connect(unixSocket: name)
            #expect(client.peer.process == ProcessTable.current)
            let question = (0..<700_000).map { UInt8(truncatingIfNeeded: $0) }
            try await client.output.write(question)
            client.output.finish()
            #expect(try await client.input.readToEnd(limit: 1_000_000) == question.reversed())
            client.close()
            listener.close()
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `where nobody listens there is no connection`(kind: LoopKind) throws {
        #expect(throws: Errno.connectionRefused) {
            try onLoop(kind) { try await $0.connect(unixSocket: name("nobody", kind)).close() }
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `who finds the queue full connects once there is room`(kind: LoopKind) throws {
        try onLoop(kind) { loop in
            let name = name("full", kind)
            let socket = try UnixSocket.listen(at: name, backlog: 0, mode: 0)
            var waiting: [Connection] = []
            while let socket = try UnixSocket.connectNow(to: name) {
                waiting.append(try Connection(socket, on: loop))
            }
            let late = loop.spawn { try await loop.connect(unixSocket: name).close() }
            // It has tried once by now.
            for _ in 0..<2 { await loop.yield() }
            while try socket.accept() != nil {}
            try await late.value
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `descriptors go over a connection, and close where nobody takes them`(kind: LoopKind)
        throws
    {
        try onLoop(kind) { loop in
            let sockets = try UnixSocket.Pair()
            let one = try Connection(.duplicate(sockets.one.raw), on: loop)
            let other = try Connection(.duplicate(sockets.other.raw), on: loop)
            let first = try Pipe()
            let second = try Pipe()
            try await one.write([1, 2], passing: [first.writing.raw, second.writing.raw])
            var bytes: [UInt8] = []
            var descriptors: [ReceivedDescriptors] = []
            while bytes.count < 2 {
                guard let message = try await other.receive() else { break }
                bytes += message.bytes
                if let some = message.descriptors, some.count > 0 { descriptors.append(some) }
            }
            #expect(bytes == [1, 2])
            #expect(descriptors.map(\.count) == [2])
            if let taken = descriptors.first?.take() {
                #expect(try [UInt8(7)].withUnsafeBytes { try taken.write($0) } == 1)
                #expect(fcntl(taken.raw, F_GETFD) == FD_CLOEXEC)
            }
            #expect(try first.reading.bytesWaiting == 1)
            #expect(openings(of: second.reading.raw) == 3)
            descriptors = []
            #expect(openings(of: second.reading.raw) == 2)
            try await one.write([3], passing: [second.writing.raw])
            #expect(try await other.input.next() == [3])
            #expect(openings(of: second.reading.raw) == 2, "unasked for, and kept")
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a task waits until a descriptor can be read or written`(kind: LoopKind) throws {
        try onLoop(kind) { loop in
            let sockets = try UnixSocket.Pair()
            try await loop.writable(sockets.one.raw)
            let (one, other) = (sockets.one.raw, sockets.other.raw)
            var isWritten = false
            loop.callLater(.milliseconds(1)) {
                isWritten = true
                loop.spawn {
                    let sender = try OwnedFD.duplicate(other)
                    _ = try [UInt8(1)].withUnsafeBytes { try sender.write($0) }
                }
            }
            try await loop.readable(one)
            #expect(isWritten)
            #expect(try sockets.one.bytesWaiting > 0)
            await #expect(throws: Errno.notPermitted) {
                let file = try Files.openForReading("/proc/self/exe")
                try await loop.readable(file.raw)
            }
            let waiting = loop.spawn { try await loop.readable(other) }
            await loop.yield()
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `a child speaks over a socket where one is asked for`(kind: LoopKind) throws {
        let output = try onLoop(kind) { loop in
            try await loop.subprocess(
                .shell("test -S /proc/self/fd/0 && test -S /proc/self/fd/1 && cat"),
                stdin: .socket,
                stdout: .socket
            ).communicate([1, 2, 3])
        }
        #expect(output.stdout == [1, 2, 3])
        #expect(output.status == .exited(0))
    }
}
