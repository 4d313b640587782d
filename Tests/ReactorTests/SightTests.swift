import LinuxSystem
import Reactor
import Synchronization
import SystemTypes
import Testing

@Suite struct SightTests {
    @Test(arguments: LoopKind.allCases)
    func `a loop counts what it does`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        for _ in 0..<10 { loop.callSoon {} }
        loop.callAt(loop.now) {}
        loop.callLater(.seconds(1_000)) {}
        loop.runOnce()
        let metrics = loop.metrics
        #expect(metrics.iterations == 1 && metrics.calls == 11 && metrics.timers == 1)
        #expect(metrics.lags.isEmpty && metrics.longestCallPlace == nil)
    }

    @Test func `posts to a loop that is awake wake nobody`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        let thread = try Thread(name: "poster") {
            for _ in 0..<100 { loop.post {} }
        }
        thread.join()
        loop.runOnce()
        #expect(loop.metrics.posts == 100 && loop.metrics.coalesced == 100)
    }

    @Test(arguments: LoopKind.allCases)
    func `a loop that measures knows its longest call`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        loop.isMeasuring = true
        loop.callSoon {}
        loop.callSoon {
            let begin = Instant.now
            while Instant.now - begin < .milliseconds(2) {}
        }
        let place = "ReactorTests/SightTests.swift:\(#line - 4)"
        loop.callSoon {}
        loop.runOnce()
        let metrics = loop.metrics
        #expect(metrics.lags.reduce(0, +) == 3)
        #expect(metrics.longestCall >= .milliseconds(2))
        #expect(metrics.longestCallPlace?.description == place)
    }

    @Test func `a call that holds the loop is reported while it does`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        let stalls = Monitor<[Stall]>([])
        try loop.watchStalls(longerThan: .milliseconds(5)) { stall in
            stalls.withLock { $0.append(stall) }
            stalls.broadcast()
        }
        // It holds the loop until that has been reported, and once more.
        loop.callSoon { stalls.wait { $0.count == 2 ? () : nil } }
        let place = "ReactorTests/SightTests.swift:\(#line - 1)"
        loop.runOnce()
        let reports = stalls.withLock { $0 }
        #expect(reports.map(\.isOver) == [false, false, true])
        #expect(reports.allSatisfy { $0.place?.description == place })
        let durations = reports.map(\.duration)
        #expect(durations[0] >= .milliseconds(5) && durations[1] >= durations[0] * 2)
        #expect(durations[2] >= durations[1])
    }

    @Test func `a call within another is told of once when it is over`() throws {
        let pipe = try Pipe()
        let loop = try EventLoop()
        defer { loop.close() }
        let ends = Monitor<[Stall]>([])
        let begins = Monitor(0)
        try loop.watchStalls(longerThan: .milliseconds(5)) { stall in
            if stall.isOver { return ends.withLock { $0.append(stall) } }
            begins.withLock { $0 += 1 }
            begins.broadcast()
        }
        // The report of the descriptor is an event of its own, and has no place.
        try loop.addReader(pipe.reading.raw) {
            begins.wait { $0 > 0 ? () : nil }
            loop.removeReader(pipe.reading.raw)
        }
        _ = try [1].withUnsafeBytes { try pipe.writing.write($0) }
        loop.runOnce()
        let told = ends.withLock { $0 }
        #expect(told.count == 1 && told.first?.place != nil)
    }

    @Test(arguments: LoopKind.allCases)
    func `a dump names tasks, timers and descriptors`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        defer { loop.close() }
        let pipe = try Pipe()
        try loop.addReader(pipe.reading.raw) {}
        loop.callLater(.seconds(1_000)) {}
        let line = #line - 1
        loop.spawn(name: "sleeper") { try await loop.sleep(for: .seconds(2_000)) }
        // A task may take more than one step to begin.
        for _ in 0..<10 { loop.runOnce(waits: false) }
        let dump = loop.dump()
        #expect(dump.contains("tasks: 1\n  sleeper for "))
        #expect(dump.contains("from ReactorTests/SightTests.swift:\(line)\n"))
        #expect(dump.contains("timers: 2\n"))
        #expect(dump.contains("descriptors: 1\n  \(pipe.reading.raw) for 1\nchildren: 0"))
        #expect(loop.runningTasks.map(\.name) == ["sleeper"])
        loop.removeReader(pipe.reading.raw)
    }
}
