public import LinuxSystem
public import SystemPackage
public import SystemTypes

/// What becomes of a standard descriptor of a child.
public enum Stdio: Equatable, Sendable {
    /// It is the parent's own.
    case inherit
    /// `/dev/null`: nothing comes, and all goes.
    case null
    /// The parent has the other end of a pipe, as a program expects it, of 256 KiB where the system
    /// allows it: four times the usual, so that neither side waits for each read and write of the
    /// other.
    case pipe
    /// The parent has the other end of a pair of sockets.
    ///
    /// In bulk half as fast again as a pipe. But a program cannot open a socket by its name,
    /// `/dev/stdout`, and may take one for a connection of a network.
    case socket
    /// A file: for standard input to be read, else to be written, and made if it is not there.
    ///
    /// What it has is dropped, unless it is to `append`. A FIFO waits for its other side, and the
    /// loop with it.
    case file(String, append: Bool = false)
    /// A descriptor of the parent, which stays the parent's.
    case descriptor(CInt)
    /// For standard error: wherever standard output goes.
    case sameAsOutput
}

/// A child and the streams to it, for tasks on its loop.
///
/// See ``EventLoop/withChild(_:stdin:stdout:stderr:grace:_:)`` for one that cannot be left behind.
public final class ChildProcess: @unchecked Sendable {
    private let loop: EventLoop
    private var child: Child?
    private var waiters: [UInt64: UnsafeContinuation<ExitStatus, any Error>] = [:]
    private var nextWaiter: UInt64 = 0
    /// For showing and for comparing; after the end it may be given to somebody else.
    public let process: ProcessID
    /// Into its standard input; `nil` where neither pipe nor socket was asked for.
    public let stdin: ByteSink?
    /// Out of its standard output; `nil` where neither pipe nor socket was asked for.
    public let stdout: ByteStream?
    /// Out of its standard error; `nil` where neither pipe nor socket was asked for.
    public let stderr: ByteStream?
    /// `nil` while it runs.
    public private(set) var status: ExitStatus?

    init(
        _ request: SpawnRequest,
        _ plan: (stdin: Stdio, stdout: Stdio, stderr: Stdio),
        on loop: EventLoop
    ) throws {
        self.loop = loop
        let descriptors = try StandardDescriptors(plan)
        stdin = try descriptors.takeSink(on: loop)
        stdout = try descriptors.takeOutput(on: loop)
        stderr = try descriptors.takeError(on: loop)
        let end = EndOfChild()
        let child = try loop.spawn(request, stdio: descriptors.stdio) { end.report($0) }
        self.child = child
        process = child.process
        end.onReport = { [weak self] in self?.ended($0) }
    }

    private func ended(_ status: ExitStatus) {
        self.status = status
        for waiter in waiters.values { waiter.resume(returning: status) }
        waiters = [:]
    }

    /// Waits for its end, which may come before the end of what it wrote: another process can hold
    /// the pipes.
    ///
    /// - Throws: `CancellationError`; the child is not touched then.
    public func wait() async throws -> ExitStatus {
        precondition(loop.isOnLoopThread, "waited for on another thread than its loop's")
        if let status { return status }
        nextWaiter += 1
        let id = nextWaiter
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                guard !Task.isCancelled else {
                    return continuation.resume(throwing: CancellationError())
                }
                // The loop may have taken a turn since this task looked.
                if let status { return continuation.resume(returning: status) }
                waiters[id] = continuation
            }
        } onCancel: {
            loop.post {
                self.waiters.removeValue(forKey: id)?.resume(throwing: CancellationError())
            }
        }
    }

    /// - Throws: `Errno.noSuchProcess` once it has ended.
    public func send(_ signal: Signal) throws(Errno) {
        guard let child else { throw .noSuchProcess }
        try child.send(signal)
    }

    /// Asks it to end; it may refuse.
    ///
    /// - Throws: `Errno.noSuchProcess` once it has ended.
    public func terminate() throws(Errno) {
        try send(.terminate)
    }

    /// Ends it.
    ///
    /// - Throws: `Errno.noSuchProcess` once it has ended.
    public func kill() throws(Errno) {
        try send(.kill)
    }

    /// Sends to the child and to all that are in the group it leads.
    ///
    /// - Throws: `Errno.noSuchProcess` once it has ended.
    public func sendToGroup(_ signal: Signal) throws(Errno) {
        guard let child else { throw .noSuchProcess }
        try child.sendToGroup(signal)
    }

    /// Feeds it, reads all it writes, and waits for its end; none of them holds up the others.
    ///
    /// - Parameter outputLimit: For each stream; more is ``StreamError/tooLong(limit:)``.
    public func communicate(
        _ input: [UInt8] = [],
        outputLimit: Int = 16 << 20
    ) async throws -> Output {
        try await withThrowingTaskGroup(of: Part.self) { group in
            group.addTask { .fed(try await self.feed(input)) }
            if let stdout {
                group.addTask { .stdout(try await stdout.readToEnd(limit: outputLimit)) }
            }
            if let stderr {
                group.addTask { .stderr(try await stderr.readToEnd(limit: outputLimit)) }
            }
            var (output, error) = ([UInt8](), [UInt8]())
            // The first that fails ends the others, which might wait for it for ever.
            for try await part in group {
                switch part {
                case .fed: break
                case .stdout(let bytes): output = bytes
                case .stderr(let bytes): error = bytes
                }
            }
            return try await Output(stdout: output, stderr: error, status: wait())
        }
    }

    private enum Part {
        case fed(Void)
        case stdout([UInt8])
        case stderr([UInt8])
    }

    /// What ``communicate(_:outputLimit:)`` has got.
    public struct Output: Equatable, Sendable {
        /// All of it; nothing where no pipe was asked for.
        public let stdout: [UInt8]
        /// All of it; nothing where no pipe was asked for.
        public let stderr: [UInt8]
        /// How it ended.
        public let status: ExitStatus
    }

    private func feed(_ input: [UInt8]) async throws {
        guard let stdin else { return }
        do {
            try await stdin.write(input)
        } catch Errno.brokenPipe {
            // It has had enough; that is no error of ours.
        }
        stdin.finish()
    }

    /// To the child alone where it leads no group.
    private func sendToAll(_ signal: Signal) {
        do {
            try sendToGroup(signal)
        } catch {
            try? send(signal)
        }
    }

    /// Makes sure that it is gone: SIGTERM, patience, SIGKILL, to its whole group.
    ///
    /// Also in a task that is cancelled.
    func tearDown(grace: Duration) async {
        guard status == nil else { return }
        sendToAll(.terminate)
        let killer = loop.callLater(grace) { [weak self] in self?.sendToAll(.kill) }
        await waitUncancelled()
        killer.cancel()
    }

    /// Also in a task that is cancelled, as all are while the loop is closed.
    private func waitUncancelled() async {
        _ = try? await withUnsafeThrowingContinuation { continuation in
            if let status { return continuation.resume(returning: status) }
            nextWaiter += 1
            waiters[nextWaiter] = continuation
        }
    }
}

/// Passes the end of a child on, from before the one who wants to know is complete.
final class EndOfChild {
    var onReport: ((ExitStatus) -> Void)?

    func report(_ status: ExitStatus) {
        onReport?(status)
    }
}

extension EventLoop {
    /// Starts a process, with pipes where they are asked for.
    ///
    /// - Throws: `SpawnError` with the step that failed; `Errno` where there are no descriptors.
    public func subprocess(
        _ request: SpawnRequest,
        stdin: Stdio = .null,
        stdout: Stdio = .pipe,
        stderr: Stdio = .inherit
    ) throws -> ChildProcess {
        try ChildProcess(request, (stdin, stdout, stderr), on: self)
    }

    /// Starts a process for the time of `body`.
    ///
    /// When `body` is left, in whichever way, the child and its group are told to end, killed after
    /// `grace`, and reaped, before this returns.
    public func withChild<Result: Sendable>(
        _ request: SpawnRequest,
        stdin: Stdio = .null,
        stdout: Stdio = .pipe,
        stderr: Stdio = .inherit,
        grace: Duration = .seconds(10),
        _ body: (ChildProcess) async throws -> Result
    ) async throws -> Result {
        let child = try subprocess(request, stdin: stdin, stdout: stdout, stderr: stderr)
        do {
            let result = try await body(child)
            await child.tearDown(grace: grace)
            return result
        } catch {
            await child.tearDown(grace: grace)
            throw error
        }
    }
}
