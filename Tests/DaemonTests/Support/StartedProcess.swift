import Glibc
import LinuxSystem
import Synchronization
import SystemPackage
import SystemTypes

/// A process that a test started, and all that it writes; it ends with the test at the latest.
final class StartedProcess: Sendable {
    /// Where it writes to.
    enum Outlet {
        case pipes
        /// A terminal, both streams; its lines end in CR LF and come as ``output``.
        case terminal
    }

    let process: ProcessID
    let output: Transcript
    let error: Transcript
    private let pidfd: PidFD
    private let status = Mutex<SystemTypes.ExitStatus?>(nil)

    init(
        _ command: [String],
        environment: [String: String] = [:],
        directory: String? = nil,
        identity: SpawnRequest.Identity? = nil,
        openFilesMax: UInt64? = nil,
        manager: FakeManager? = nil,
        outlet: Outlet = .pipes
    ) throws {
        var variables = ["PATH": Places.searchPath, "LANG": "C.UTF-8"]
        variables.merge(environment) { $1 }
        var request = SpawnRequest(
            candidates: SpawnRequest.candidates(
                for: command[0],
                searchPath: Places.searchPath
            ),
            arguments: command,
            environment: variables.map { "\($0.key)=\($0.value)" }
        )
        request.directory = directory
        request.identity = identity
        request.limits = openFilesMax.map { [ResourceLimit(.openFiles, soft: $0, hard: nil)] } ?? []
        manager?.equip(&request)
        let null = try Files.openNull()
        let output = try outlet == .terminal ? Line.terminal() : Line.pipe()
        let error = try Line.pipe()
        let errorWriting = outlet == .terminal ? output.writing.raw : error.writing.raw
        let stdio = (null.raw, output.writing.raw, errorWriting)
        let spawned = try spawn(request, stdio: stdio)
        process = spawned.process
        pidfd = spawned.takePidFD()
        self.output = try Transcript(.duplicate(output.reading.raw))
        self.error = try Transcript(.duplicate(error.reading.raw))
        Stage.current?.add(self)
    }

    func send(_ signal: Signal) throws {
        try pidfd.send(signal)
    }

    /// Sleeps until it has ended, and reaps it.
    @discardableResult
    func waitForEnd() throws -> SystemTypes.ExitStatus {
        try status.withLock { status in
            if let status { return status }
            let deadline = Instant.now + patience
            try waitUntilReadable(pidfd.raw, "the end of process \(process)", until: deadline)
            guard let found = try pidfd.reap()?.status else { throw NeverHappened("the end") }
            status = found
            return found
        }
    }

    var hasBeenReaped: Bool { status.withLock { $0 != nil } }

    /// Makes sure that it is gone.
    func kill() {
        guard !hasBeenReaped else { return }
        try? pidfd.send(.kill)
        _ = try? waitForEnd()
    }
}

/// Two ends, whether of a pipe or of a terminal.
struct Line: ~Copyable {
    let reading: OwnedFD
    let writing: OwnedFD

    static func pipe() throws -> Line {
        let pipe = try Pipe()
        return try Line(
            reading: .duplicate(pipe.reading.raw),
            writing: .duplicate(pipe.writing.raw)
        )
    }

    /// Source: pts(4), `ioctl_tty(2)`: TIOCSPTLCK and TIOCGPTN.
    static func terminal() throws -> Line {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (lock, number) = (CInt(0), CInt(-1))
        guard master >= 0, ioctl(master, 0x4004_5431, &lock) == 0,
            ioctl(master, 0x8004_5430, &number) == 0
        else { throw Errno(rawValue: errno) }
        let reading = OwnedFD(adopting: master)
        let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw Errno(rawValue: errno) }
        return Line(reading: reading, writing: OwnedFD(adopting: slave))
    }
}
