import Glibc
import LinuxSystem
import Reactor
import SystemPackage
import Testing

/// Two sockets, of which each reads what is written into the other.
private struct Sockets: ~Copyable {
    let one: OwnedFD
    let other: OwnedFD

    init() {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        #expect(socketpair(AF_UNIX, type, 0, &ends) == 0)
        one = OwnedFD(adopting: ends[0])
        other = OwnedFD(adopting: ends[1])
    }
}

private func send(_ bytes: [UInt8], into fd: borrowing OwnedFD) throws {
    #expect(try bytes.withUnsafeBytes { try fd.write($0) } == bytes.count)
}

@Suite struct WatchTests {
    @Test(arguments: LoopKind.allCases)
    func `a reader is called in each iteration in which there is something to read`(kind: LoopKind)
        throws
    {
        let pipe = try Pipe()
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var calls = 0
        try loop.addReader(pipe.reading.raw) { calls += 1 }
        loop.runOnce(waits: false)
        #expect(calls == 0)
        try send([1], into: pipe.writing)
        loop.runOnce()
        loop.runOnce()
        #expect(calls == 2)
        #expect(loop.removeReader(pipe.reading.raw))
        #expect(!loop.removeReader(pipe.reading.raw))
        loop.runOnce(waits: false)
        #expect(calls == 2)
    }

    @Test(arguments: LoopKind.allCases)
    func `a reader takes the place of the one before`(kind: LoopKind) throws {
        let pipe = try Pipe()
        let loop = try kind.makeLoop()
        defer { loop.close() }
        try send([1], into: pipe.writing)
        var calls: [String] = []
        try loop.addReader(pipe.reading.raw) { calls.append("former") }
        try loop.addReader(pipe.reading.raw) { calls.append("latter") }
        loop.runOnce()
        #expect(calls == ["latter"])
    }

    @Test(arguments: LoopKind.allCases)
    func `reader and writer of one descriptor do not know of each other`(kind: LoopKind) throws {
        let sockets = Sockets()
        let fd = sockets.one.raw
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var calls: [String] = []
        try loop.addReader(fd) { calls.append("read") }
        try loop.addWriter(fd) { calls.append("write") }
        loop.runOnce()
        #expect(calls == ["write"])
        try send([1], into: sockets.other)
        loop.runOnce()
        #expect(calls == ["write", "read", "write"])
        #expect(loop.removeWriter(fd))
        loop.runOnce()
        #expect(calls == ["write", "read", "write", "read"])
        #expect(!loop.removeWriter(fd))
        #expect(loop.removeReader(fd))
    }

    @Test(arguments: LoopKind.allCases)
    func `what was removed is not called, though it is ready in this iteration`(kind: LoopKind)
        throws
    {
        let sockets = Sockets()
        let fd = sockets.one.raw
        let loop = try kind.makeLoop()
        defer { loop.close() }
        try send([1], into: sockets.other)
        var calls: [String] = []
        try loop.addReader(fd) {
            calls.append("read")
            loop.removeWriter(fd)
        }
        try loop.addWriter(fd) { calls.append("write") }
        loop.runOnce()
        #expect(calls == ["read"])
    }

    @Test(arguments: LoopKind.allCases)
    func `a regular file is refused, and so is what a transport has`(kind: LoopKind) throws {
        let pipe = try Pipe()
        let file = try Files.openForReading("/proc/self/exe")
        let loop = try kind.makeLoop()
        defer { loop.close() }
        #expect(throws: Errno.notPermitted) { try loop.addReader(file.raw) {} }
        #expect(!loop.removeReader(file.raw))
        let registration = try loop.register(pipe.reading.raw, for: .read) { _ in }
        #expect(throws: Errno.fileExists) { try loop.addReader(pipe.reading.raw) {} }
        registration.cancel()
        try loop.addReader(pipe.reading.raw) {}
    }

    @Test(arguments: LoopKind.allCases)
    func `what a transport has cannot be watched, though it is paused`(kind: LoopKind) throws {
        let pipe = try Pipe()
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let copy = try OwnedFD.duplicate(pipe.reading.raw)
        let fd = copy.raw
        let transport = try Transport(copy, kind: .readPipe, loop: loop)
        transport.pauseReading()
        #expect(throws: Errno.fileExists) { try loop.addReader(fd) {} }
        transport.resumeReading()
        transport.abort()
        #expect(!loop.removeReader(fd))
    }

    @Test(arguments: LoopKind.allCases)
    func `what was refused takes no place of another`(kind: LoopKind) throws {
        let file = try Files.openForReading("/proc/self/exe")
        let one = try Pipe()
        let other = try Pipe()
        let loop = try kind.makeLoop()
        defer { loop.close() }
        #expect(throws: Errno.notPermitted) { try loop.addReader(file.raw) {} }
        var calls: Set<String> = []
        try loop.addReader(one.reading.raw) { calls.insert("one") }
        try loop.addReader(other.reading.raw) { calls.insert("other") }
        try send([1], into: one.writing)
        loop.runOnce()
        #expect(calls == ["one"])
        #expect(loop.removeReader(one.reading.raw))
        try send([1], into: other.writing)
        loop.runOnce()
        #expect(calls == ["one", "other"])
    }

    @Test(arguments: LoopKind.allCases)
    func `one task waits to read, and another to write, and neither disturbs the other`(
        kind: LoopKind
    ) throws {
        let sockets = Sockets()
        let (near, far) = (sockets.one.raw, sockets.other.raw)
        try onLoop(kind) { loop in
            let reading = loop.spawn { try await loop.readable(near) }
            // A task may take more than one step to begin.
            for _ in 0..<10 { await loop.yield() }
            try await loop.writable(near)
            #expect(write(far, "!", 1) == 1)
            try await reading.value
            #expect(loop.dump().contains("descriptors: 0\n"))
        }
        withExtendedLifetime(sockets) {}
    }
}
