import LinuxSystem
import Reactor
import Synchronization
import SystemPackage
import Testing

@testable import Daemon

@Suite(.timeLimit(.minutes(5))) struct ReadinessTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
    }

    @Test func `a newline on the descriptor says that the program is ready, once`() throws {
        var count = 0
        let pipe = try ReadyPipe(on: bench.loop) { count += 1 }
        let program = try OwnedFD.duplicate(try #require(pipe.descriptor))
        pipe.closeWriting()
        func write(_ text: String) throws {
            _ = try Array(text.utf8).withUnsafeBytes { try program.write($0) }
        }
        try write("not yet")
        bench.loop.callLater(.milliseconds(50)) { bench.done() }
        bench.run()
        #expect(count == 0)
        try write("\n\n")
        bench.run { count > 0 }
        try write("\n")
        bench.loop.callLater(.milliseconds(50)) { bench.done() }
        bench.run()
        #expect(count == 1)
        #expect(pipe.descriptor == nil)
    }

    @Test func `a program that closes the descriptor without a word is not ready`() throws {
        var count = 0
        let pipe = try ReadyPipe(on: bench.loop) { count += 1 }
        let iterations = bench.loop
        pipe.closeWriting()
        iterations.callLater(.milliseconds(50)) { bench.done() }
        bench.run()
        #expect(count == 0)
        withExtendedLifetime(pipe) {}
    }

    private final class Count: Sendable {
        private let value = Mutex(0)
        func add() { value.withLock { $0 += 1 } }
        var current: Int { value.withLock(\.self) }
    }

    @Test(arguments: [
        (["database system is ready\n"], true), (["data", "base system is rea", "dy\n"], true),
        (["x\ny\ndatabase is ready and more\nz\n"], true), (["database is ready"], false),
        (["database\nis ready\n"], false), (["database is unready\n"], false),
        (["\u{FF}database \u{0} is ready\n"], true),
    ])
    func `a line is found however it comes, and only as a whole line`(
        pieces: [String],
        isFound: Bool
    ) throws {
        let count = Count()
        var watch = try #require(LineWatch(pattern: #"database.* ready\b"#) { count.add() })
        var found = false
        for piece in pieces { found = watch.read(Array(piece.utf8).span.bytes) || found }
        #expect(found == isFound)
        #expect(count.current == (isFound ? 1 : 0))
    }

    @Test func `several such lines at once are one report`() throws {
        let count = Count()
        var watch = try #require(LineWatch(pattern: "up") { count.add() })
        let isFound = watch.read(Array("up\nup\n".utf8).span.bytes)
        #expect(isFound)
        #expect(count.current == 1)
    }
}
