public import LinuxSystem
public import SystemPackage
public import SystemTypes

/// A process and the pipes to it, for callbacks; tasks are better served by ``ChildProcess``.
///
/// The loop keeps it, and it keeps its delegate, until that has been told the end.
public final class SubprocessTransport {
    private let loop: EventLoop
    private let child: Child
    private var pipes: [CInt: SubprocessPipe] = [:]
    private var delegate: (any SubprocessDelegate)?
    /// How it ended; `nil` until the delegate has been told.
    public private(set) var status: ExitStatus?
    /// Whether ``close()`` was called, or nothing is left to close.
    public private(set) var isClosing = false

    fileprivate init(
        _ request: SpawnRequest,
        _ plan: (stdin: Stdio, stdout: Stdio, stderr: Stdio),
        on loop: EventLoop,
        delegate: any SubprocessDelegate
    ) throws {
        self.loop = loop
        self.delegate = delegate
        let descriptors = try StandardDescriptors(plan)
        let transports = try descriptors.takeTransports(on: loop)
        let end = EndOfChild()
        child = try loop.spawn(request, stdio: descriptors.stdio) { end.report($0) }
        for (fd, transport) in transports {
            pipes[fd] = SubprocessPipe(fd, transport, of: self)
        }
        end.onReport = { [weak self] in self?.ended($0) }
    }

    /// For showing and for comparing; after the end it may be given to somebody else.
    public var process: ProcessID { child.process }

    /// The parent's end of a pipe to the descriptor `fd` of the child, to write or to pause; its
    /// delegate stays as it is.
    ///
    /// - Returns: `nil` where neither pipe nor socket was asked for, and once it is lost.
    public func pipe(_ fd: CInt) -> Transport? { pipes[fd]?.transport }

    // MARK: - Signals

    /// - Throws: `.noSuchProcess` once it has ended and been reaped.
    public func send(_ signal: Signal) throws(Errno) {
        try child.send(signal)
    }

    /// Sends to the process and to all that are still in the group it began.
    ///
    /// - Throws: `.noSuchProcess` once it has ended and been reaped.
    public func sendToGroup(_ signal: Signal) throws(Errno) {
        try child.sendToGroup(signal)
    }

    /// Asks it to end; it may refuse.
    ///
    /// - Throws: `.noSuchProcess` once it has ended and been reaped.
    public func terminate() throws(Errno) {
        try send(.terminate)
    }

    /// Ends it.
    ///
    /// - Throws: `.noSuchProcess` once it has ended and been reaped.
    public func kill() throws(Errno) {
        try send(.kill)
    }

    // MARK: - The end

    /// Kills the process if it has not ended, and closes the pipes.
    ///
    /// What was written and not yet taken is lost. The process is reaped, and the delegate told,
    /// as always.
    public func close() {
        guard !isClosing else { return }
        isClosing = true
        // Before it can end by itself, because of the pipes. It may have been reaped in this very
        // iteration.
        if child.status == nil { try? child.send(.kill) }
        for pipe in pipes.values { pipe.transport.abort() }
    }

    private func ended(_ status: ExitStatus) {
        // After the bulk of this iteration: what it wrote is told first, as in asyncio.
        loop.callSoon { [self] in
            self.status = status
            delegate?.subprocess(self, exited: status, usage: child.usage)
            finishIfOver()
        }
    }

    private func finishIfOver() {
        guard status != nil, pipes.isEmpty, let delegate else { return }
        isClosing = true
        self.delegate = nil
        loop.subprocesses[ObjectIdentifier(self)] = nil
        delegate.subprocessDisconnected(self)
    }

    fileprivate func connect() {
        loop.subprocesses[ObjectIdentifier(self)] = self
        delegate?.subprocessConnected(self)
    }

    // MARK: - What the pipes tell

    func received(_ bytes: RawSpan, from fd: CInt) {
        delegate?.subprocess(self, received: bytes, from: fd)
    }

    func filled(_ fd: CInt) {
        delegate?.subprocess(self, filled: fd)
    }

    func drained(_ fd: CInt) {
        delegate?.subprocess(self, drained: fd)
    }

    func lost(_ fd: CInt, _ error: Errno?) {
        pipes[fd] = nil
        delegate?.subprocess(self, lost: fd, error)
        finishIfOver()
    }
}

extension EventLoop {
    /// Starts a process, with pipes where they are asked for, and tells `delegate` about it.
    ///
    /// - Throws: `SpawnError` with the step that failed; `Errno` where there are no descriptors.
    @discardableResult
    public func subprocessExec(
        _ delegate: any SubprocessDelegate,
        _ request: SpawnRequest,
        stdin: Stdio = .pipe,
        stdout: Stdio = .pipe,
        stderr: Stdio = .pipe
    ) throws -> SubprocessTransport {
        let subprocess = try SubprocessTransport(
            request,
            (stdin, stdout, stderr),
            on: self,
            delegate: delegate
        )
        subprocess.connect()
        return subprocess
    }

    /// Has `/bin/sh` carry out a command line, as ``subprocessExec(_:_:stdin:stdout:stderr:)`` does.
    @discardableResult
    public func subprocessShell(
        _ delegate: any SubprocessDelegate,
        _ command: String,
        stdin: Stdio = .pipe,
        stdout: Stdio = .pipe,
        stderr: Stdio = .pipe
    ) throws -> SubprocessTransport {
        try subprocessExec(
            delegate,
            .shell(command),
            stdin: stdin,
            stdout: stdout,
            stderr: stderr
        )
    }
}
