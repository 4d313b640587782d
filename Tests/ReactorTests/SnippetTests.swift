import Foundation
import LinuxSystem
import Reactor
import SystemTypes
import Testing

/// How a snippet ended, and what it had written by then.
private struct Outcome {
    let lines: [String]
    let status: SystemTypes.ExitStatus
}

/// Runs a program of `Snippets/`, which are built with the tests and lie beside them.
///
/// - Parameter count: After that many lines it gets SIGINT; `nil` for never.
private func run(_ name: String, interruptAfter count: Int? = nil) throws -> Outcome {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = URL(filePath: tests).deletingLastPathComponent().appending(path: name).path()
    let loop = try EventLoop()
    defer { loop.close() }
    return try loop.runUntilComplete {
        // Into a pipe, a program writes whole blocks unless it is told to write lines.
        try await loop.withChild(.exec("stdbuf", "-oL", program)) { child in
            var lines: [String] = []
            let stdout = try #require(child.stdout)
            for try await line in stdout.lines() {
                lines.append(line)
                if lines.count == count { try child.send(.interrupt) }
            }
            return Outcome(lines: lines, status: try await child.wait())
        }
    }
}

@Suite struct SnippetTests {
    @Test func `a coroutine runs to its end`() throws {
        let outcome = try run("GettingStarted")
        #expect(outcome.lines == ["My Coroutine"])
        #expect(outcome.status == .exited(0))
    }

    @Test func `a coroutine may block its thread`() throws {
        let start = Instant.now
        let outcome = try run("RunUntilComplete")
        #expect(outcome.lines == ["Starting Work", "Finishing Work"])
        #expect(outcome.status == .exited(0))
        #expect(Instant.now - start >= .seconds(5))
    }

    @Test func `a loop that runs for ever ends with SIGINT, and its task with it`() throws {
        let outcome = try run("RunForever", interruptAfter: 3)
        #expect(
            outcome.lines == [String](repeating: "Task Executed", count: 3) + ["Closing Loop"]
        )
        #expect(outcome.status == .exited(0))
    }

    @Test func `two workers take turns`() throws {
        let outcome = try run("MultipleCoroutines", interruptAfter: 6)
        let turn = ["First Worker Executed", "Second Worker Executed"]
        #expect(outcome.lines == turn + turn + turn + ["Closing Loop"])
        #expect(outcome.status == .exited(0))
    }

    @Test func `calls, a process and a thread do what they were asked for, and no more`() throws {
        let outcome = try run("CallsProcessesThreads")
        #expect(
            outcome.lines == [
                "call: first", "call: third", "child said: HELLO", "child exited: 0",
                "pool: 499999500000", "closed: true",
            ]
        )
        #expect(outcome.status == .exited(0))
    }
}
