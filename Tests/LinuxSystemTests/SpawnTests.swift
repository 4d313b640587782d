import Glibc
import Synchronization
import SystemPackage
import SystemTypes
import Testing

@testable import LinuxSystem

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

    @Test(arguments: [(SpawnRequest.Family.session, true, true), (.group, true, false)])
    func `a program leads a session or a group of its own`(
        family: SpawnRequest.Family,
        leadsGroup: Bool,
        leadsSession: Bool
    ) throws {
        let (output, _) = try runShell("exec cat /proc/self/stat") { $0.family = family }
        let entry = try #require(
            ProcessTable.Entry(Array(output.utf8), pageSize: 1, ticksPerSecond: 1)
        )
        #expect((entry.group == entry.process.rawValue) == leadsGroup)
        #expect((entry.session == entry.process.rawValue) == leadsSession)
    }

    @Test func `a program can stay in the group of its parent`() throws {
        let (output, _) = try runShell("exec cat /proc/self/stat") { $0.family = .inherited }
        let entry = ProcessTable.Entry(Array(output.utf8), pageSize: 1, ticksPerSecond: 1)
        #expect(entry?.group == ProcessTable.entry(of: ProcessTable.current)?.group)
    }

    // In a process of its own, for what is ignored is the whole process' affair.
    @Test func `a program starts with no signal blocked or ignored`() async {
        await #expect(processExitsWith: .success) {
            for number in [SIGHUP, SIGUSR2, 40, 64] { signal(number, SIG_IGN) }
            #expect(try runShell("exit 3").status == .exited(3))
            signal(SIGPIPE, SIG_IGN)
            SignalMask([.terminate, .brokenPipe]).apply()
            let (output, _) = try runShell("grep -E 'Sig(Blk|Ign)' /proc/self/status")
            #expect(
                output.split(separator: "\n").allSatisfy { $0.hasSuffix("0000000000000000") },
                "\(output)"
            )
        }
    }

    @Test func `a program gets the three standard descriptors and no other`() throws {
        // Left open on purpose, and not close-on-exec.
        let (output, _) = try runShell("ls /proc/$$/fd")
        #expect(output == "0\n1\n2\n")
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

    @Test func `further descriptors come under the numbers that they shall have`() throws {
        let one = try pipe(holding: "one")
        let two = try pipe(holding: "two")
        // Crosswise, where the numbers allow for it: each stands where the other belongs.
        let numbers = (one.raw, two.raw)
        let (output, _) = try runShell(
            "head -c3 /dev/fd/\(numbers.1); head -c3 /dev/fd/\(numbers.0); ls /proc/$$/fd"
        ) {
            $0.descriptors = [numbers.0: numbers.1, numbers.1: numbers.0]
        }
        let open = Set(output.dropFirst(6).split(separator: "\n").map(String.init))
        #expect(output.hasPrefix("onetwo"))
        #expect(open == ["0", "1", "2", "\(numbers.0)", "\(numbers.1)"])
    }

    /// What can be read from it is `text`, and then the end.
    private func pipe(holding text: String) throws -> OwnedFD {
        let pipe = try Pipe()
        _ = try Array(text.utf8).withUnsafeBytes { try pipe.writing.write($0) }
        return OwnedFD(adopting: pipe.split { reading, _ in reading.release() })
    }

    @Test func `a program finds its own number in its environment`() throws {
        let (output, _) = try runShell("echo $LISTEN_PID $WATCHDOG_PID $$; env | tail -n2") {
            $0.pidVariables = ["LISTEN_PID", "WATCHDOG_PID"]
        }
        let words = Set(output.split { !$0.isNumber })
        #expect(words.count == 1, "\(output)")
    }

    @Test func `a program ends with the thread that started it, if it shall`() throws {
        let started = Mutex<CInt>(-1)
        let thread = try Thread(name: "parent") {
            var request = SpawnRequest.exec("sleep", "1000")
            request.parentDeathSignal = .terminate
            guard let spawned = try? spawn(request, stdio: (0, 1, 2)) else { return }
            let copy = try? OwnedFD.duplicate(spawned.pidfd.raw).release()
            started.withLock { $0 = copy ?? -1 }
        }
        thread.join()
        let ended = try waitForEnd(of: PidFD(adopting: OwnedFD(adopting: started.withLock(\.self))))
        #expect(ended == .signaled(.terminate, coreDumped: false))
    }

    @Test func `what a program has used is known at its end`() throws {
        let spawned = try spawn(
            .shell(
                "i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done; head -c 30M /dev/zero | tail -n1 >/dev/null"
            ),
            stdio: (0, 1, 2)
        )
        let epoll = try Epoll(capacity: 1)
        try epoll.add(spawned.pidfd.raw, for: .read, token: 1)
        try epoll.wait(timeout: nil) { _, _ in }
        let usage = try #require(try spawned.pidfd.reap()).usage
        #expect(usage.userTime > .zero)
        // It was tail that had to keep a line of 30 MB.
        #expect(usage.residentBytesMax > 30_000_000 && usage.residentBytesMax < 1_000_000_000)
    }
}
