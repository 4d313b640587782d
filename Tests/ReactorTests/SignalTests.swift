import Glibc
import LinuxSystem
import Reactor
import Synchronization
import SystemTypes
import Testing

/// Sends to the calling thread only: others of this process may not have it blocked.
private func raise(_ signal: Signal) {
    #expect(Glibc.raise(signal.rawValue) == 0)
}

private func isBlocked(_ signal: Signal) -> Bool {
    var mask = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &mask)
    return sigismember(&mask, signal.rawValue) == 1
}

/// Lets both through on the calling thread for the time of `body`: threads of the test runner block
/// what they do not need.
private func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
    let signals = SignalMask([.user1, .user2])
    signals.unblock()
    defer { SignalMask.block([.user1, .user2]) }
    try body()
}

@Suite struct SignalTests {
    @Test func `a signal calls its handler, the latest that was added`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        var order: [String] = []
        try loop.addSignalHandler(.user1) { order.append("former") }
        try loop.addSignalHandler(.user1) { order.append("latest") }
        try loop.addSignalHandler(.user2) { order.append("other") }
        raise(.user1)
        loop.runOnce(waits: false)
        raise(.user2)
        loop.runOnce(waits: false)
        #expect(order == ["latest", "other"])
    }

    @Test func `a handler is removed once, and leaves the mask as it was`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        try withSignalsUnblocked {
            try loop.addSignalHandler(.user1) {}
            #expect(isBlocked(.user1))
            #expect(loop.removeSignalHandler(.user1))
            #expect(!isBlocked(.user1))
            #expect(!loop.removeSignalHandler(.user1))

            SignalMask.block([.user1])
            try loop.addSignalHandler(.user1) {}
            #expect(loop.removeSignalHandler(.user1))
            #expect(isBlocked(.user1))
        }
    }

    @Test func `a signal whose handler was removed does again what it did`() async {
        await #expect(processExitsWith: .signal(SIGUSR2)) {
            let loop = try EventLoop()
            try withSignalsUnblocked {
                try loop.addSignalHandler(.user2) {}
                raise(.user2)
                loop.close()
            }
        }
    }

    @Test func `KILL cannot be had`() async {
        await #expect(processExitsWith: .failure) {
            try EventLoop().addSignalHandler(.kill) {}
        }
    }

    @Test func `a task goes through signals in the order of their arrival`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        try withSignalsUnblocked {
            let seen = try loop.runUntilComplete {
                let signals = try loop.signals(.user1, .user2)
                var seen: [Signal] = []
                raise(.user2)
                for await signal in signals {
                    seen.append(signal)
                    if seen.count == 3 { break }
                    raise(.user1)
                }
                return seen
            }
            #expect(seen == [.user2, .user1, .user1])
            // The stream is gone; the loop hears of it in its next turn.
            loop.runOnce(waits: false)
            #expect(!loop.removeSignalHandler(.user1))
            #expect(!isBlocked(.user1) && !isBlocked(.user2))
        }
    }

    @Test func `a stream ends when it has lost all of its signals`() throws {
        let loop = try EventLoop()
        defer { loop.close() }
        try loop.runUntilComplete {
            let signals = try loop.signals(.user1, .user2)
            #expect(loop.removeSignalHandler(.user1))
            try loop.addSignalHandler(.user2) {}
            for await signal in signals { Issue.record("\(signal)") }
            await loop.yield()
            await loop.yield()
        }
        // The end of the stream has not taken it from who came after.
        #expect(loop.removeSignalHandler(.user2))
    }

    @Test func `a stream ends with its loop`() throws {
        let loop = try EventLoop()
        let stream = try loop.signals(.user1)
        loop.close()
        let other = try EventLoop()
        defer { other.close() }
        let count = try other.runUntilComplete {
            var count = 0
            for await _ in stream { count += 1 }
            return count
        }
        #expect(count == 0)
    }
}
