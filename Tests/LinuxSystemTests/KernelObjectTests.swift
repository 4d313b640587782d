import SystemPackage
import SystemTypes
import Testing

@testable import LinuxSystem

@Suite struct KernelObjectTests {
    @Test func `a pidfd reaches nobody once its process has been reaped`() throws {
        let null = try Files.openNull()
        let request = SpawnRequest(
            candidates: ["/bin/sleep"],
            arguments: ["sleep", "1000"],
            environment: []
        )
        let spawned = try spawn(request, stdio: (null.raw, null.raw, null.raw))
        #expect(try spawned.pidfd.reap() == nil)
        try spawned.pidfd.send(.kill)
        #expect(
            try waitForEnd(of: spawned.pidfd) == .signaled(.kill, coreDumped: false)
        )
        #expect(throws: Errno.noSuchProcess) { try spawned.pidfd.send(.kill) }
    }

    @Test func `an epoll says who is ready, by token`() throws {
        let epoll = try Epoll()
        let pipe = try Pipe()
        try epoll.add(pipe.reading.raw, for: .read, token: 7)
        var reports: [UInt64] = []
        try epoll.wait(timeout: .zero) { token, _ in reports.append(token) }
        #expect(reports.isEmpty)
        _ = try [1].withUnsafeBytes { try pipe.writing.write($0) }
        try epoll.wait(timeout: nil) { token, _ in reports.append(token) }
        #expect(reports == [7])
    }

    @Test func `a regular file cannot be watched`() throws {
        let epoll = try Epoll()
        let file = try Files.openForReading("/etc/hostname")
        #expect(throws: Errno.notPermitted) { try epoll.add(file.raw, for: .read, token: 1) }
    }

    @Test func `an event counter stays readable until it is cleared`() throws {
        let epoll = try Epoll()
        let event = try EventFD()
        try epoll.add(event.raw, for: .read, token: 1)
        var count = 0
        event.signal()
        event.signal()
        for _ in 0..<2 { try epoll.wait(timeout: .zero) { _, _ in count += 1 } }
        #expect(count == 2)
        event.clear()
        try epoll.wait(timeout: .zero) { _, _ in count += 1 }
        #expect(count == 2)
    }

    /// What happens when it is set is not tested, for there is only the clock of the machine.
    @Test func `a clock that nobody sets is waited for without end`() throws {
        let epoll = try Epoll()
        let timer = try TimerFD()
        try epoll.add(timer.raw, for: .read, token: 1)
        var count = 0
        try epoll.wait(timeout: .zero) { _, _ in count += 1 }
        #expect(count == 0)
        let wasSet = timer.takeCancellation()
        #expect(!wasSet)
        let text = try Files.read("/proc/self/fdinfo/\(timer.raw)", bytesMax: 4_096)
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        // CLOCK_REALTIME, TFD_TIMER_ABSTIME and TFD_TIMER_CANCEL_ON_SET; and it is armed.
        #expect(lines.contains("clockid: 0"))
        #expect(lines.contains("settime flags: 03"))
        #expect(lines.contains { $0.hasPrefix("it_value: (") && !$0.hasPrefix("it_value: (0,") })
    }

    @Test func `the kernel says who is at the other end of a socket`() throws {
        let path = "/tmp/keepd-test-\(ProcessTable.current).sock"
        defer { try? Files.remove(path) }
        let listener = try UnixSocket.listen(at: path, backlog: 1, mode: 0o600)
        #expect(Files.mode(of: path) == 0o600)
        #expect(throws: Errno.addressInUse) {
            _ = try UnixSocket.listen(at: path, backlog: 1, mode: 0o600)
        }
        #expect(UnixSocket.isServed(path))
        let client = try UnixSocket.connect(to: path)
        // The first connection is that of the question whether anybody serves.
        _ = try listener.accept()
        let accepted = try listener.accept()
        if let accepted {
            let peer = try UnixSocket.peer(of: accepted)
            #expect(peer.user == Accounts.effectiveUser)
            #expect(peer.process == ProcessTable.current)
        } else {
            Issue.record("nobody connected")
        }
        _ = client.raw
    }

    @Test func `a path that is too long for a socket is refused`() {
        #expect(throws: Errno.fileNameTooLong) {
            _ = try UnixSocket.connect(to: "/" + String(repeating: "x", count: 108))
        }
    }

    @Test func `a line of the process table is read whatever the program calls itself`() throws {
        let line =
            "42 (a) b (c) S 1 40 39 0 -1 4194560 5 6 7 8 150 50 0 0 20 0 3 0 987 1000 25 1 1"
        let entry = try #require(
            ProcessTable.Entry(Array(line.utf8), pageSize: 4_096, ticksPerSecond: 100)
        )
        #expect(entry.command == "a) b (c")
        #expect(entry.parent == 1 && entry.group == 40 && entry.session == 39)
        #expect(entry.processorTime == .seconds(2))
        #expect(entry.startTime == 987 && entry.threads == 3)
        #expect(entry.residentBytes == 25 * 4_096)
        for text in ["", "42", "x (y) S", "42 (y", "42 (y) S 1 2", "-1 (y) S 1 2 3"] {
            #expect(ProcessTable.Entry(Array(text.utf8), pageSize: 1, ticksPerSecond: 1) == nil)
        }
    }

    @Test func `dates are written as RFC 3339 has them`() {
        #expect(WallTime(nanoseconds: 0).rfc3339 == "1970-01-01T00:00:00.000Z")
        #expect(
            WallTime(nanoseconds: 1_795_000_801_123_456_789).rfc3339
                == "2026-11-18T11:20:01.123Z"
        )
    }
}
