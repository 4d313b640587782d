import Glibc
import LinuxSystem
import Reactor
import Synchronization
import SystemPackage
import SystemTypes
import Testing

private actor Resident {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ loop: EventLoop) {
        self.loop = loop
    }

    func poke() {}
}

@Suite(.timeLimit(.minutes(5))) struct ClosingTests {
    @Test(arguments: LoopKind.allCases)
    func `a child that a task was given is ended and reaped before the loop is closed`(
        kind: LoopKind
    ) throws {
        let loop = try kind.makeLoop()
        let process = Mutex<ProcessID?>(nil)
        loop.spawn {
            let stubborn = "trap '' TERM; echo ready; sleep 1000"
            try await loop.withChild(.shell(stubborn), grace: .milliseconds(20)) { child in
                _ = try await child.stdout?.next()
                process.withLock { $0 = child.process }
                loop.stop()
                try await loop.sleep(for: .seconds(1_000))
            }
        }
        loop.run()
        loop.close()
        let ended = process.withLock { $0 }
        let child = try #require(ended)
        #expect(waitpid(child.rawValue, nil, WNOHANG) == -1 && errno == ECHILD, "it is there still")
    }

    @Test(arguments: LoopKind.allCases)
    func `a task that is begun after the close never runs, and says why`(kind: LoopKind) throws {
        let loop = try kind.makeLoop()
        loop.close()
        let task = loop.spawn { Issue.record("ran on a closed loop") }
        try onLoop(kind) { _ in
            _ = await #expect(throws: EventLoopError.closed) { try await task.value }
        }
    }

    @Test func `tasks that another thread begins while the loop is closed all end`() throws {
        for _ in 0..<200 {
            let loop = try EventLoop()
            let tasks = Mutex<[SpawnedTask<Void>]>([])
            let thread = try Thread(name: "spawner") {
                for _ in 0..<50 {
                    let task = loop.spawn {}
                    tasks.withLock { $0.append(task) }
                }
            }
            loop.close()
            thread.join()
            try onLoop(.real) { _ in
                for task in tasks.withLock(\.self) { _ = await task.result }
            }
        }
    }

    // In a process of its own, with a standard error of its own.
    @Test func `a step of a task that comes after the close is told of, once`() async {
        await #expect(processExitsWith: .success) {
            let pipe = try Pipe()
            try pipe.reading.setNonBlocking(true)
            try #require(dup2(pipe.writing.raw, STDERR_FILENO) == STDERR_FILENO)
            let (closed, loop) = (try EventLoop(), try EventLoop())
            let resident = Resident(closed)
            closed.close()
            for _ in 0..<2 { loop.spawn { await resident.poke() } }
            for _ in 0..<10 { loop.runOnce(waits: false) }
            var buffer = [UInt8](repeating: 0, count: 1_000)
            let count = try buffer.withUnsafeMutableBytes { try pipe.reading.read(into: $0) }
            let text = String(decoding: buffer[..<(count ?? 0)], as: UTF8.self)
            #expect(text.hasPrefix("an event loop is closed, and "), "\(text)")
            #expect(text.count { $0 == "\n" } == 1, "\(text)")
        }
    }

    // In a process of its own, with a limit of its own.
    @Test func `a loop that cannot be made leaves no descriptor open`() async {
        await #expect(processExitsWith: .success) {
            // Then there is a second loop, which watches the first: four descriptors.
            setenv("REACTOR_DEBUG", "1", 1)
            var limit = rlimit()
            try #require(getrlimit(__rlimit_resource_t(7), &limit) == 0)
            let usual = limit.rlim_cur
            let before = try Files.openNull().raw
            var failures = 0
            for attempt: rlim_t in 0..<400 {
                limit.rlim_cur = rlim_t(try Files.openNull().raw) + attempt % 4
                try #require(setrlimit(__rlimit_resource_t(7), &limit) == 0)
                do { _ = try EventLoop() } catch { failures += 1 }
                limit.rlim_cur = usual
                try #require(setrlimit(__rlimit_resource_t(7), &limit) == 0)
            }
            // Testing has threads that open and close something now and then.
            #expect(failures > 300)
            #expect(try Files.openNull().raw < before + 50)
        }
    }
}
