import Glibc
import LinuxSystem
import Reactor
import Synchronization
import Testing

@Suite struct OrderTests {
    @Test(arguments: LoopKind.allCases)
    func `what is registered before the run keeps its order, in whichever way it was`(
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let order = Mutex<[Int]>([])
        loop.callSoon { order.withLock { $0.append(0) } }
        loop.post { order.withLock { $0.append(1) } }
        loop.callSoon { order.withLock { $0.append(2) } }
        loop.post { order.withLock { $0.append(3) } }
        loop.callSoon { order.withLock { $0.append(4) } }
        loop.runOnce()
        #expect(order.withLock(\.self) == [0, 1, 2, 3, 4])
    }

    @Test(arguments: LoopKind.allCases)
    func `a task that is begun before the run has its turn before a later call`(kind: LoopKind)
        throws
    {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let order = Mutex<[String]>([])
        loop.spawn { order.withLock { $0.append("task") } }
        loop.callSoon { loop.callSoon { order.withLock { $0.append("call") } } }
        loop.runOnce()
        loop.runOnce()
        #expect(order.withLock(\.self) == ["task", "call"])
    }

    @Test(arguments: LoopKind.allCases)
    func `an iteration runs the queue once, also if a descriptor is ready`(kind: LoopKind) throws {
        let pipe = try Pipe()
        let loop = try kind.makeLoop()
        defer { loop.close() }
        #expect(write(pipe.writing.raw, "!", 1) == 1)
        var order: [String] = []
        try loop.addReader(pipe.reading.raw) {
            order.append("report")
            loop.removeReader(pipe.reading.raw)
            loop.callSoon { order.append("of the report") }
        }
        loop.callSoon {
            order.append("call")
            loop.stop()
            loop.callSoon { order.append("of the call") }
        }
        loop.run()
        #expect(order == ["call", "report"])
        loop.runOnce(waits: false)
        #expect(order == ["call", "report", "of the call", "of the report"])
    }

    @Test(arguments: LoopKind.allCases)
    func `a timer that a call registers waits for the next iteration, also with a descriptor`(
        kind: LoopKind
    ) throws {
        let pipe = try Pipe()
        let loop = try kind.makeLoop()
        defer { loop.close() }
        #expect(write(pipe.writing.raw, "!", 1) == 1)
        var order: [String] = []
        try loop.addReader(pipe.reading.raw) {
            order.append("report")
            loop.removeReader(pipe.reading.raw)
        }
        loop.callSoon { loop.callAt(loop.now) { order.append("timer") } }
        loop.runOnce()
        #expect(order == ["report"])
        loop.runOnce(waits: false)
        #expect(order == ["report", "timer"])
    }
}
