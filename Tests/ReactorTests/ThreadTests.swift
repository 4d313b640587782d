import LinuxSystem
import Reactor
import Testing

/// Does `body` on another thread, while the loop runs on this one.
private func elsewhere(
    _ body: @escaping @Sendable (EventLoop, Handle, TimerHandle) -> Void
) throws {
    let loop = try EventLoop()
    nonisolated(unsafe) let (call, timer) = (loop.callSoon {}, loop.callLater(.seconds(1_000)) {})
    loop.callSoon {
        let thread = try Thread(name: "other") { body(loop, call, timer) }
        thread.join()
    }
    loop.runOnce()
    loop.close()
}

// Each in a process of its own; in release builds nobody looks.
@Suite struct ThreadTests {
    @Test func `posts, tasks and stops are for any thread`() async {
        await #expect(processExitsWith: .success) {
            try elsewhere { loop, _, _ in
                loop.post {}
                loop.spawn {}
                loop.stop()
            }
        }
    }

    @Test func `to call something on the loop of another thread is a bug`() async {
        await #expect(processExitsWith: .failure) {
            try elsewhere { loop, _, _ in loop.callSoon {} }
        }
        await #expect(processExitsWith: .failure) {
            try elsewhere { loop, _, _ in loop.callLater(.seconds(1)) {} }
        }
    }

    @Test func `to cancel a call of another thread is a bug`() async {
        await #expect(processExitsWith: .failure) {
            try elsewhere { _, call, _ in call.cancel() }
        }
        await #expect(processExitsWith: .failure) {
            try elsewhere { _, _, timer in timer.cancel() }
        }
    }

    @Test func `to watch a descriptor on the loop of another thread is a bug`() async {
        await #expect(processExitsWith: .failure) {
            let pipe = try Pipe()
            let fd = pipe.reading.raw
            try elsewhere { loop, _, _ in try? loop.addReader(fd) {} }
            withExtendedLifetime(pipe) {}
        }
    }
}
