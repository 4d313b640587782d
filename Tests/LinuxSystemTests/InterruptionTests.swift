import Glibc
import LinuxSystem
import Testing

/// Interrupts whatever the calling thread waits for, again and again, and ends the process after a
/// while.
private func interruptEachMillisecond() throws {
    signal(SIGUSR1) { _ in }
    // The threads that Swift's own tasks run on block most signals.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGUSR1)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    let waiting = pthread_self()
    let thread = try Thread(name: "interrupter") {
        for _ in 0..<2_000 {
            pthread_kill(waiting, SIGUSR1)
            usleep(1_000)
        }
        _exit(1)
    }
    thread.detach()
}

// In processes of their own, with a handler of their own.
@Suite struct InterruptionTests {
    @Test func `a wait for descriptors ends in time, however often it is interrupted`() async {
        await #expect(processExitsWith: .success) {
            let epoll = try Epoll()
            try interruptEachMillisecond()
            try epoll.wait(timeout: .milliseconds(50)) { _, _ in }
        }
    }

    @Test func `a wait for one of a few descriptors ends in time as well`() async {
        await #expect(processExitsWith: .success) {
            let pipe = try Pipe()
            try interruptEachMillisecond()
            #expect(try Readiness.wait(for: [pipe.reading.raw], timeout: .milliseconds(50)) == [])
        }
    }
}
