import LinuxSystem
import Reactor
import Synchronization
import SystemPackage
import SystemTypes
import Testing

@Suite struct LifeCycleTests {
    @Test(arguments: LoopKind.allCases)
    func `one iteration runs what is there, and waits only if it is to`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var runs = 0
        loop.callSoon {
            runs += 1
            loop.callSoon { runs += 1 }
        }
        loop.runOnce()
        #expect(runs == 1)
        loop.runOnce()
        #expect(runs == 2)
        loop.callAt(.distantFuture) { runs += 1 }
        loop.runOnce(waits: false)
        #expect(runs == 2)
        loop.callLater(.milliseconds(1)) { runs += 1 }
        loop.runOnce()
        #expect(runs == 3)
    }

    @Test(arguments: LoopKind.allCases)
    func `a stop that comes before the run leaves it one iteration that does not wait`(
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        var runs = 0
        loop.callSoon {
            runs += 1
            loop.callSoon { runs += 1 }
        }
        loop.stop()
        loop.run()
        #expect(runs == 1)
    }

    @Test(arguments: LoopKind.allCases)
    func `the loop of a thread is the one that runs on it`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        #expect(EventLoop.current == nil)
        var seen: EventLoop?
        let elsewhere = Mutex<[Bool]>([])
        loop.callSoon {
            seen = EventLoop.current
            let thread = try? Thread(name: "other") {
                elsewhere.withLock { $0 = [EventLoop.current == nil, loop.isRunning] }
            }
            if let thread { thread.join() }
        }
        loop.runOnce()
        #expect(seen === loop)
        #expect(elsewhere.withLock { $0 } == [true, true])
        #expect(EventLoop.current == nil && !loop.isRunning)
    }

    @Test(arguments: LoopKind.allCases)
    func `a closed loop says so, and refuses coroutines`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        #expect(!loop.isClosed)
        loop.close()
        loop.close()
        #expect(loop.isClosed)
        #expect(throws: EventLoopError.closed) { try loop.runUntilComplete {} }
    }

    @Test(arguments: LoopKind.allCases)
    func `a coroutine cannot be run where a loop runs already`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        let other = try kind.makeLoop()
        defer {
            loop.close()
            other.close()
        }
        loop.callSoon {
            #expect(throws: EventLoopError.alreadyRunning) { try loop.runUntilComplete {} }
            #expect(throws: EventLoopError.anotherLoopRunning) { try other.runUntilComplete {} }
        }
        loop.runOnce()
    }

    @Test(arguments: LoopKind.allCases)
    func `after the close nothing is there to be removed, and posts are dropped`(kind: LoopKind)
        throws
    {
        let loop = try kind.makeLoop()
        let pipe = try Pipe()
        try loop.addReader(pipe.reading.raw) {}
        try loop.addSignalHandler(.user2) {}
        let timer = loop.callLater(.seconds(1_000)) {}
        loop.close()
        #expect(!loop.removeReader(pipe.reading.raw))
        #expect(!loop.removeSignalHandler(.user2))
        timer.cancel()
        loop.post { Issue.record("ran on a closed loop") }
        loop.stop()
    }

    @Test(arguments: LoopKind.allCases)
    func `what a closed loop held is let go`(kind: LoopKind) throws {
        final class Witness {}
        let loop = try kind.makeLoop()
        let pipe = try Pipe()
        weak var shadow: Witness?
        do {
            let witness = Witness()
            shadow = witness
            loop.callSoon { _ = witness }
            loop.callLater(.seconds(1_000)) { _ = witness }
            loop.callRepeatedly(every: .seconds(1_000)) { _ = witness }
            try loop.addReader(pipe.reading.raw) { _ = witness }
            try loop.addSignalHandler(.user2) { _ = witness }
        }
        #expect(shadow != nil)
        loop.close()
        #expect(shadow == nil)
    }

    @Test func `to call something on a closed loop is a bug`() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop()
            loop.close()
            loop.callSoon {}
        }
    }

    @Test func `to run a closed loop is a bug`() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop()
            loop.close()
            loop.runOnce(waits: false)
        }
    }

    @Test func `to close a loop that runs is a bug`() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop()
            loop.callSoon { loop.close() }
            loop.runOnce()
        }
    }

    @Test func `to run a loop in a callback of another is a bug`() async {
        await #expect(processExitsWith: .failure) {
            let (loop, other) = (try EventLoop(), try EventLoop())
            loop.callSoon { other.runOnce(waits: false) }
            loop.runOnce()
        }
    }
}
