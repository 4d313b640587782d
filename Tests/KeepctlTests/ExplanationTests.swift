import ControlProtocol
import LinuxSystem
import SystemTypes
import Testing

@testable import keepctl

@Suite struct ExplanationTests {
    @Test func `a running program shows its process and how long it has been up`() throws {
        #expect(
            try text(.running) {
                $0.pid = 7
                $0.uptime = Seconds(rawValue: 3_600)
            } == "pid 7, uptime 1:00:00"
        )
    }

    @Test func `a running program shows what it says, and that it is not well`() throws {
        #expect(
            try text(.running) {
                $0.pid = 7
                $0.uptime = Seconds(rawValue: 0)
                $0.isHealthy = false
                $0.statusText = "3 workers"
            } == "pid 7, uptime 0:00:00, unhealthy, 3 workers"
        )
    }

    @Test func `a starting program shows its process, and how long it has taken`() throws {
        #expect(
            try text(.starting) {
                $0.pid = 7
                $0.since = "2026-11-24T11:59:58.500Z"
                $0.statusText = "warming up"
            } == "pid 7, for 1.5 s, warming up"
        )
    }

    @Test func `a waiting program shows for whom`() throws {
        #expect(
            try text(.waiting) { $0.waitingFor = ["db", "queue"] }
                == "waits for db, queue, for 0.0 s"
        )
    }

    @Test func `a stopping program shows how long it has taken, and who has to stop first`() throws
    {
        #expect(
            try text(.stopping) {
                $0.pid = 7
                $0.since = "2026-11-24T11:58:00.000Z"
                $0.waitingFor = ["web"]
            } == "pid 7, for 0:02:00, waits for web"
        )
    }

    @Test func `a program in backoff shows why, and when it is tried again`() throws {
        #expect(
            try text(.backoff) {
                $0.lastExit = LastExit(code: 1, cause: "exit", at: "")
                $0.nextAttempt = "2026-11-24T12:00:02.140Z"
                $0.failures = 3
            } == "exit code 1, restart in 2.1 s (failure 3)"
        )
    }

    @Test func `a fatal program shows what was the matter, and when`() throws {
        let message = "cannot execute /srv/app: no such file or directory"
        #expect(
            try text(.fatal) {
                let time = "2026-11-24T11:59:54.001Z"
                $0.lastExit = LastExit(cause: "spawn-failed", at: time, message: message)
            } == "\(message), 5 s ago"
        )
    }

    @Test func `an exited program shows how and when`() throws {
        #expect(
            try text(.exited) {
                $0.lastExit = LastExit(code: 0, cause: "exit", at: "2026-11-24T00:00:00.000Z")
            } == "exit code 0, 12 h ago"
        )
    }

    @Test func `a stopped program shows by whom and when`() throws {
        #expect(
            try text(.stopped) {
                let time = "2026-11-22T12:00:05.000Z"
                $0.lastExit = LastExit(cause: "stopped", at: time, by: "root")
            } == "stopped by root, 2026-11-22 12:00:05"
        )
    }

    @Test func `a program that rests between two runs shows when the next is`() throws {
        let next = "2026-11-24T12:00:09.500Z"
        #expect(
            try text(.exited) {
                $0.lastExit = LastExit(code: 0, cause: "exit", at: "2026-11-24T11:59:50.000Z")
                $0.nextAttempt = next
            } == "exit code 0, 10 s ago, next run in 9.5 s"
        )
        #expect(try text(.stopped) { $0.nextAttempt = next } == "not started, next run in 9.5 s")
    }

    @Test func `a program that never ran was not started`() throws {
        #expect(try text(.stopped) { _ in } == "not started")
    }

    @Test func `a signal is named`() throws {
        #expect(
            try text(.fatal) { $0.lastExit = LastExit(signal: "SEGV", cause: "signal", at: "") }
                == "signal SEGV"
        )
    }

    @Test func `a cause that this version does not know is shown as it is`() throws {
        #expect(try text(.fatal) { $0.lastExit = LastExit(cause: "rust", at: "") } == "rust")
    }

    private func text(_ state: State, _ change: (inout Program) -> Void) throws -> String {
        let now = try #require(WallTime(rfc3339: "2026-11-24T12:00:00.000Z"))
        var program = program("web", state)
        change(&program)
        return Explanation(now: now, zone: .utc).text(of: program)
    }
}
