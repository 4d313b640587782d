import LinuxSystem
import Synchronization
import SystemTypes
import Testing

/// All that one test has started; it is cleared away when the test ends, however it ends.
final class Stage: Sendable {
    @TaskLocal static var current: Stage?

    private let processes = Mutex<[StartedProcess]>([])
    private let socketPaths = Mutex<[String]>([])

    func add(_ process: StartedProcess) {
        processes.withLock { $0.append(process) }
    }

    /// Whatever carries this path in its environment is a program of the test.
    func add(socketPath: String) {
        socketPaths.withLock { $0.append(socketPath) }
    }

    fileprivate func clear() {
        for process in processes.withLock(\.self).reversed() {
            // One that has a holder survives it, and has to go as well.
            let children = process.hasBeenReaped ? [] : ProcessTable.children(of: process.process)
            let keepds = children.filter {
                ProcessTable.commandLine(of: $0).hasPrefix(Places.product("keepd") + " ")
            }.compactMap { try? OwnedPidFD(PidFD(opening: $0)) }
            process.kill()
            for keepd in keepds { try? keepd.pidfd.send(.kill) }
        }
        for path in socketPaths.withLock(\.self) {
            for survivor in Survivors.find(startedBy: path) { Survivors.kill(survivor, of: path) }
            clear(RunningDaemon.cgroup(of: path))
        }
    }

    /// A daemon that was killed leaves its group.
    private func clear(_ cgroup: Cgroup?) {
        guard let cgroup, cgroup.exists else { return }
        _ = try? cgroup.kill()
        _ = try? cgroup.waitUntilEmpty(patience: patience)
        try? cgroup.remove()
    }

    /// What the processes wrote, for whoever has to find out why a test failed.
    fileprivate var transcripts: String {
        processes.withLock(\.self).map { process in
            let lines = process.error.lines.suffix(60) + process.output.lines.suffix(20)
            return "process \(process.process) wrote:\n" + lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}

/// Several of them in an array.
private final class OwnedPidFD {
    let pidfd: PidFD

    init(_ pidfd: consuming PidFD) {
        self.pidfd = pidfd
    }
}

/// Gives each test a ``Stage``, and each issue what was written on it.
struct WholeProgramTrait: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let stage = Stage()
        defer { stage.clear() }
        let log: IssueHandlingTrait = .compactMapIssues { issue in
            var issue = issue
            issue.comments.append(Comment(rawValue: stage.transcripts))
            return issue
        }
        try await log.provideScope(for: test, testCase: testCase) {
            await Stage.$current.withValue(stage) {
                do {
                    try await function()
                } catch is ExpectationFailedError {
                    // Has been recorded where it failed.
                } catch {
                    // What is thrown further has no way back to its issue.
                    Issue.record(error, sourceLocation: test.sourceLocation)
                }
            }
        }
    }
}

extension Trait where Self == WholeProgramTrait {
    /// The tests of the suite start whole programs.
    static var wholeProgram: Self { Self() }
}
