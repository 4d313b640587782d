import ControlProtocol
import Glibc
import LinuxSystem
import SystemTypes
import Testing

/// Idle costs nothing: with nothing to do the daemon makes no system call.
@Suite(
    .wholeProgram,
    .timeLimit(.minutes(10)),
    .enabled(if: SystemCalls.canBeSeen, "needs strace, and leave to use ptrace")
)
struct IdleTests {
    @Test func `a hundred programs at rest cost not one system call`() throws {
        let daemon = try RunningDaemon(
            [
                "quiet": misbehave("--line", "up", settings: #""instances": 99"#),
                "late": misbehave("--line", "up", settings: #""start": {"settle": "200ms"}"#),
            ]
        )
        try daemon.waitForLog("late: running")
        #expect(try daemon.status().allSatisfy { $0.state == .running })
        _ = try eventually("all of the output") {
            daemon.process.output.lines.count == 100 ? true : nil
        }
        let calls = try SystemCalls.watch(daemon.process.process, seconds: 5)
        #expect(calls == [])

        // The silence means something only if a call would have been seen.
        let busy = try SystemCalls.watch(daemon.process.process, seconds: 0) { try daemon.status() }
        #expect(busy.contains { $0.contains("sendto(") }, "\(busy)")
    }
}

/// What strace(1) sees of a process.
private enum SystemCalls {
    static let canBeSeen: Bool = {
        guard let run = try? Run(["strace", "-o", "/dev/null", "true"]) else { return false }
        return run.status == .exited(0)
    }()

    /// The calls of all threads that are made or come back, a line for each.
    ///
    /// Those in which the threads sleep when it begins and ends are none that they make.
    static func watch(
        _ process: ProcessID,
        seconds: UInt32,
        meanwhile act: () throws -> some Any = {}
    ) throws -> [String] {
        let scratch = try Scratch()
        let strace = try StartedProcess([
            "strace", "-f", "-p", "\(process)", "-o", scratch.path("trace"),
        ])
        try strace.error.waitForLine("that strace is there") { $0.contains("attached") }
        _ = try act()
        // How long there is silence can only be told by listening for so long.
        sleep(seconds)
        try strace.send(.interrupt)
        try strace.waitForEnd()
        return scratch.lines(of: "trace").filter {
            !$0.hasSuffix("<detached ...>") && !$0.hasSuffix("<unfinished ...>")
        }
    }
}
