import LinuxSystem
import Reactor
import SystemPackage
import SystemTypes
import Testing

/// Runs `body` on a new loop, to its end.
///
/// A child has to be waited for in it: one that nobody reaps keeps Testing from seeing the ends of
/// its own, and its exit tests then never end.
private func onLoop<Result: Sendable>(
    _ kind: LoopKind,
    _ body: @escaping @Sendable (EventLoop) async throws -> Result
) throws -> Result {
    let loop = try kind.makeLoop()
    defer { loop.close() }
    return try loop.runUntilComplete { try await body(loop) }
}

/// A file for one test, gone with it.
private struct ScratchFile: ~Copyable {
    let path: String

    init(_ name: String, _ kind: LoopKind) {
        path = "/tmp/keepd-copy-\(ProcessTable.current)-\(name)-\(kind)"
    }

    func content() throws -> [UInt8] { try Files.read(path, bytesMax: 1 << 24) }

    deinit { try? Files.remove(path) }
}

private let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }

/// A pipe with `bytes` in it, and their end.
private func finished(_ bytes: ArraySlice<UInt8>) throws -> OwnedFD {
    let pipe = try Pipe()
    #expect(try bytes.withUnsafeBytes { try pipe.writing.write($0) } == bytes.count)
    return try .duplicate(pipe.reading.raw)
}

@Suite struct CopyTests {
    @Test(arguments: LoopKind.allCases)
    func `a child's output goes into a file, all and in order, and is counted`(kind: LoopKind)
        throws
    {
        let scratch = ScratchFile("whole", kind)
        let path = scratch.path
        let count = try onLoop(kind) { loop in
            let file = try Files.openForAppending(path, mode: 0o600)
            let child = try loop.subprocess(.exec("/bin/cat"), stdin: .pipe)
            async let fed: Void = {
                try await child.stdin?.write(bytes)
                child.stdin?.finish()
            }()
            let count = try await child.stdout?.copy(to: file)
            try await fed
            #expect(child.stdout?.copiedByteCount == count)
            _ = try await child.wait()
            return count
        }
        #expect(count == bytes.count)
        #expect(try scratch.content() == bytes)
    }

    @Test(arguments: LoopKind.allCases)
    func `a file that is full is an error, and loses nothing`(kind: LoopKind) throws {
        let scratch = ScratchFile("full", kind)
        let path = scratch.path
        try onLoop(kind) { loop in
            let stream = try ByteStream(try finished(bytes[..<50_000]), on: loop)
            try await #require(throws: Errno.noSpace) {
                let full = try Files.openForAppending("/dev/full", mode: 0)
                try await stream.copy(to: full)
            }
            #expect(stream.copiedByteCount == 0)
            let file = try Files.openForAppending(path, mode: 0o600)
            #expect(try await stream.copy(to: file) == 50_000)
        }
        #expect(try scratch.content() == Array(bytes[..<50_000]))
    }

    @Test(arguments: LoopKind.allCases)
    func `a limit leaves the rest where it is`(kind: LoopKind) throws {
        let scratch = ScratchFile("limit", kind)
        let path = scratch.path
        let rest = try onLoop(kind) { loop in
            let stream = try ByteStream(try finished(bytes[..<1_000]), on: loop)
            let file = try Files.openForAppending(path, mode: 0o600)
            #expect(try await stream.copy(to: file, limit: 0) == 0)
            #expect(try await stream.copy(to: file, limit: 300) == 300)
            // Also of what was read for another purpose.
            #expect(try await stream.read(exactly: 100) == Array(bytes[300..<400]))
            #expect(try await stream.copy(to: file, limit: 250) == 250)
            return try await stream.read(exactly: 350)
        }
        #expect(try scratch.content() == Array(bytes[..<300] + bytes[400..<650]))
        #expect(rest == Array(bytes[650..<1_000]))
    }

    @Test(arguments: LoopKind.allCases)
    func `a copy that is cancelled has counted what it moved, and left the rest`(kind: LoopKind)
        throws
    {
        let scratch = ScratchFile("cancel", kind)
        let path = scratch.path
        let (moved, rest) = try onLoop(kind) { loop in
            let pipe = try Pipe()
            let stream = try ByteStream(.duplicate(pipe.reading.raw), on: loop)
            #expect(try bytes[..<60_000].withUnsafeBytes { try pipe.writing.write($0) } == 60_000)
            let copy = loop.spawn {
                let file = try Files.openForAppending(path, mode: 0o600)
                try await stream.copy(to: file)
            }
            while stream.copiedByteCount < 60_000 { await loop.yield() }
            #expect(try bytes[60_000...60_009].withUnsafeBytes { try pipe.writing.write($0) } == 10)
            copy.cancel()
            await #expect(throws: CancellationError.self) { try await copy.value }
            let moved = stream.copiedByteCount
            return (moved, try await stream.read(exactly: 60_010 - moved))
        }
        #expect(try scratch.content() == Array(bytes[..<moved]))
        #expect(rest == Array(bytes[moved..<60_010]))
    }

    @Test(arguments: LoopKind.allCases)
    func `exactly so many bytes come, or what there is stays for others`(kind: LoopKind) throws {
        try onLoop(kind) { loop in
            let child = try loop.subprocess(.shell("printf 12345; printf 6789"))
            let stream = try #require(child.stdout)
            #expect(try await stream.read(exactly: 6) == Array("123456".utf8))
            await #expect(throws: StreamError.incomplete(expected: 4, got: 3)) {
                try await stream.read(exactly: 4)
            }
            #expect(try await stream.next() == Array("789".utf8))
            #expect(try await stream.next() == nil)
            _ = try await child.wait()
        }
    }

    @Test(arguments: LoopKind.allCases)
    func `what is left over at the end is still copied`(kind: LoopKind) throws {
        let scratch = ScratchFile("rest", kind)
        let path = scratch.path
        try onLoop(kind) { loop in
            let child = try loop.subprocess(.shell("printf 123"))
            let stream = try #require(child.stdout)
            await #expect(throws: StreamError.self) { try await stream.read(exactly: 4) }
            let file = try Files.openForAppending(path, mode: 0o600)
            #expect(try await stream.copy(to: file) == 3)
            _ = try await child.wait()
        }
        #expect(try scratch.content() == Array("123".utf8))
    }
}
