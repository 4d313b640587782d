import LinuxSystem
import SystemPackage
import SystemTypes
import Testing

/// The failure of a spawn that was changed so that it fails.
private func failure(_ change: (inout SpawnRequest) -> Void) -> SpawnError? {
    do {
        _ = try runShell("exit 0", change)
        return nil
    } catch {
        return error as? SpawnError
    }
}

@Suite struct SpawnFailureTests {
    @Test func `a failure says at which step`() {
        #expect(
            failure { $0.candidates = ["/nowhere/a", "/nowhere/b"] }
                == SpawnError(.execve, .noSuchFileOrDirectory)
        )
        #expect(failure { $0.candidates = ["/etc"] } == SpawnError(.execve, .permissionDenied))
        #expect(failure { $0.directory = "/nowhere" } == SpawnError(.chdir, .noSuchFileOrDirectory))
        #expect(failure { $0.cgroup = 1_000_000 } == SpawnError(.cgroup, .badFileDescriptor))
        #expect(
            failure { $0.oomScoreAdjust = 2_000 } == SpawnError(.oomScoreAdjust, .invalidArgument)
        )
        #expect(failure { $0.family = .terminal }?.step == .controllingTerminal)
    }

    @Test func `a failure says which of several it was`() {
        #expect(
            failure {
                $0.limits = [
                    .init(.coreSize, soft: 0, hard: 0), .init(.openFiles, soft: 2, hard: 1),
                ]
            } == SpawnError(.setrlimit, .invalidArgument, subject: "nofile")
        )
        #expect(
            failure { $0.descriptors = [3: 1_000_000] }
                == SpawnError(.dup2, .badFileDescriptor, subject: "3")
        )
    }

    @Test func `a failure is told in the words of the system`() {
        #expect("\(SpawnError(.chdir, .notDirectory))" == "chdir: not a directory")
        let limit = SpawnError(.setrlimit, .invalidArgument, subject: "nofile")
        #expect("\(limit)" == "setrlimit nofile: invalid argument")
    }

    @Test(arguments: [[700], [0, 700], [8_191], [100_000]])
    func `a processor that is not there is named, also beside one that is`(
        processors: [Int]
    ) throws {
        let missing = try #require(processors.last)
        #expect(
            failure { $0.processors = Set(processors) }
                == SpawnError(.processors, .operationNotSupportedByDevice, subject: "\(missing)")
        )
    }

    @Test func `few descriptors are no hindrance to what a file is opened for`() throws {
        // The caller's are more than the program may have.
        let many = try (0..<32).map { _ in try Files.openNull().release() }
        defer { for raw in many { _ = OwnedFD(adopting: raw) } }
        let result = try runShell("cat /proc/self/oom_score_adj; ulimit -n") {
            $0.limits = [.init(.openFiles, soft: 16, hard: 16)]
            $0.oomScoreAdjust = 700
        }
        #expect(result.output == "700\n16\n")
    }

    @Test(.enabled(if: Accounts.effectiveUser == 0, "needs root"))
    func `a failure of what only root may do has its step as well`() throws {
        #expect(failure { $0.root = "/nowhere" } == SpawnError(.chroot, .noSuchFileOrDirectory))
        let unknown = try #require(Capability(number: 63))
        #expect(
            failure { $0.capabilities = CapabilitySets(ambient: [unknown]) }
                == SpawnError(.ambientSet, .invalidArgument, subject: "CAP_63")
        )
    }

    // In a process of its own, which has no other children.
    @Test func `a failure leaves no process, and no hold on one`() async {
        await #expect(processExitsWith: .success) {
            #expect(throws: SpawnError(.chdir, .noSuchFileOrDirectory)) {
                _ = try runShell("exit 0") { $0.directory = "/nowhere" }
            }
            #expect(ProcessTable.children(of: ProcessTable.current).isEmpty)
            let pidfds = Files.glob("/proc/self/fdinfo/*").filter {
                let text = (try? Files.read($0, bytesMax: 4_096)) ?? []
                return String(decoding: text, as: UTF8.self).contains("\nPid:")
            }
            #expect(pidfds.isEmpty)
        }
    }
}
