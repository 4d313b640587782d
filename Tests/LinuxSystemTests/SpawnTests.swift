import LinuxSystem
import SystemPackage
import SystemTypes
import Testing

/// Runs a shell command to its end, and returns what it wrote and how it ended.
func runShell(
    _ command: String,
    _ configure: (inout SpawnRequest) -> Void = { _ in }
) throws -> (output: String, status: SystemTypes.ExitStatus) {
    var request = SpawnRequest(
        candidates: ["/bin/sh"],
        arguments: ["sh", "-c", command],
        environment: ["PATH=/usr/bin:/bin"]
    )
    configure(&request)
    let null = try Files.openNull()
    let output = try Pipe()
    let spawned = try spawn(request, stdio: (null.raw, output.writing.raw, null.raw))
    let status = try waitForEnd(of: spawned.pidfd)
    return (String(decoding: try readWaiting(output.reading), as: UTF8.self), status)
}

/// Sleeps in the kernel until the process has ended.
func waitForEnd(of pidfd: borrowing PidFD) throws -> SystemTypes.ExitStatus {
    let epoll = try Epoll(capacity: 1)
    try epoll.add(pidfd.raw, for: .read, token: 1)
    try epoll.wait(timeout: nil) { _, _ in }
    return try #require(try pidfd.reap()).status
}

/// What waits in a pipe.
func readWaiting(_ pipe: borrowing OwnedFD) throws -> [UInt8] {
    let count = try pipe.bytesWaiting
    guard count > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    _ = try bytes.withUnsafeMutableBytes { try pipe.read(into: $0) }
    return bytes
}

@Suite struct SpawnTests {
    @Test(arguments: CInt(0)...255)
    func `every exit code comes back unharmed`(code: CInt) throws {
        #expect(try runShell("exit \(code)").status == .exited(code))
    }

    @Test(arguments: [Signal.hangUp, .kill, .terminate, .user1])
    func `a deadly signal is told from an exit code`(signal: Signal) throws {
        let status = try runShell("kill -\(signal) $$").status
        #expect(status == .signaled(signal, coreDumped: false))
    }

    @Test func `a program gets its arguments, environment, directory and umask`() throws {
        let (output, _) = try runShell("echo $WORD; pwd; umask; echo $0") {
            $0.environment.append("WORD=hello")
            $0.directory = "/usr"
            $0.umask = 0o027
        }
        #expect(output == "hello\n/usr\n0027\nsh\n")
    }

    @Test func `a program leads a session and a group of its own`() throws {
        let (output, _) = try runShell("ps -o pid=,pgid=,sid= -p $$")
        let numbers = Set(output.split(whereSeparator: \.isWhitespace))
        #expect(numbers.count == 1, "\(output)")
    }

    @Test func `a program starts with no signal blocked or ignored`() throws {
        let before = SignalMask([.terminate, .brokenPipe]).apply()
        defer { before.apply() }
        let (output, _) = try runShell("grep -E 'Sig(Blk|Ign)' /proc/self/status")
        #expect(
            output.split(separator: "\n").allSatisfy { $0.hasSuffix("0000000000000000") },
            "\(output)"
        )
    }

    @Test func `a program gets the three standard descriptors and no other`() throws {
        // Left open on purpose, and not close-on-exec.
        let (output, _) = try runShell("ls /proc/$$/fd")
        #expect(output == "0\n1\n2\n")
    }

    @Test func `a failure says at which step`() throws {
        func failure(_ change: (inout SpawnRequest) -> Void) -> SpawnError? {
            do {
                _ = try runShell("exit 0", change)
                return nil
            } catch {
                return error as? SpawnError
            }
        }
        #expect(
            failure { $0.candidates = ["/nowhere/a", "/nowhere/b"] }
                == SpawnError(.execve, .noSuchFileOrDirectory)
        )
        #expect(failure { $0.candidates = ["/etc"] } == SpawnError(.execve, .permissionDenied))
        #expect(failure { $0.directory = "/nowhere" } == SpawnError(.chdir, .noSuchFileOrDirectory))
        #expect(failure { $0.limits = [.init(.openFiles, soft: .max >> 1, hard: nil)] }
                == SpawnError(.setrlimit, .invalidArgument, subject: "nofile"))
    }

    // In a process of its own, which has no other children.
    @Test func `a failure leaves no process`() async {
        await #expect(processExitsWith: .success) {
            #expect(throws: SpawnError(.chdir, .noSuchFileOrDirectory)) {
                _ = try runShell("exit 0") { $0.directory = "/nowhere" }
            }
            #expect(ProcessTable.children(of: ProcessTable.current).isEmpty)
        }
    }

    @Test func `a candidate that is not there is passed over, as execvp does`() throws {
        let (output, _) = try runShell("echo found") { $0.candidates = ["/nowhere/sh", "/bin/sh"] }
        #expect(output == "found\n")
        #expect(
            SpawnRequest.candidates(for: "sh", searchPath: "/usr/bin::/bin")
                == ["/usr/bin/sh", "./sh", "/bin/sh"]
        )
        #expect(SpawnRequest.candidates(for: "./sh", searchPath: "/usr/bin") == ["./sh"])
    }

    @Test(.enabled(if: Accounts.effectiveUser == 0))
    func `a program becomes who it shall be, with no group left over`() throws {
        let nobody = try #require(Accounts.user("nobody"))
        let (output, _) = try runShell("id -u; id -G") {
            $0.identity = .init(user: nobody.id, group: nobody.group, supplementaryGroups: [])
        }
        #expect(output == "\(nobody.id)\n\(nobody.group)\n")
    }
}
