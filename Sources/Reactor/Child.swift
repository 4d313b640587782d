public import LinuxSystem
public import SystemPackage
public import SystemTypes

/// A process that this loop started, and has not yet reaped or has.
///
/// What is sent to it can reach nobody else: it is known by its pidfd.
public final class Child {
    /// For showing and for comparing; after the end it may be given to somebody else.
    public let process: ProcessID
    private let pidfd: PidFD
    private unowned let loop: EventLoop
    private var registration: Registration?
    private let onExit: (ExitStatus) -> Void
    /// `nil` while it runs.
    public private(set) var status: ExitStatus?
    /// What it has used by its end; `nil` while it runs, and where somebody else has reaped it.
    public private(set) var usage: ResourceUsage?

    fileprivate init(
        _ process: ProcessID,
        _ pidfd: consuming PidFD,
        loop: EventLoop,
        onExit: @escaping (ExitStatus) -> Void
    ) {
        self.process = process
        self.pidfd = pidfd
        self.loop = loop
        self.onExit = onExit
    }

    deinit {
        abandon()
    }

    /// Watches it no longer.
    func abandon() {
        registration?.cancel()
    }

    fileprivate func watch() throws(Errno) {
        registration = try loop.register(pidfd.raw, for: .read, isUrgent: true) { [weak self] _ in
            self?.collect()
        }
    }

    /// Its pidfd: lent, for a process that executes another program and adopts its children there.
    public var descriptor: CInt { pidfd.raw }

    /// - Throws: `.noSuchProcess` once it has been reaped.
    public func send(_ signal: Signal) throws(Errno) {
        try pidfd.send(signal)
    }

    /// Sends to the process and to all that are still in the group it began.
    ///
    /// - Throws: `.noSuchProcess` once it has been reaped, for then the number may be another's.
    public func sendToGroup(_ signal: Signal) throws(Errno) {
        guard status == nil else { throw .noSuchProcess }
        try sendSignal(signal, toGroupOf: process)
    }

    /// Kills it and waits for its end, for the loop does not watch it.
    fileprivate func destroy() throws(Errno) {
        try pidfd.send(.kill)
        _ = try Readiness.wait(for: [pidfd.raw])
        _ = try pidfd.reap()
    }

    /// Reaps it, if it has ended.
    fileprivate func collect() {
        do {
            guard let ended = try pidfd.reap() else { return }
            usage = ended.usage
            end(ended.status)
        } catch {
            // Somebody else has reaped it; asyncio's number where nobody knows more.
            loop.report(FailureContext(error: error, source: .child, place: nil))
            end(pidfd.statusOfReaped ?? .exited(255))
        }
    }

    private func end(_ status: ExitStatus) {
        self.status = status
        registration?.cancel()
        loop.children[process] = nil
        onExit(status)
    }
}

extension EventLoop {
    /// Starts a process.
    ///
    /// - Parameters:
    ///   - stdio: Descriptors that become 0, 1 and 2 of the child.
    ///   - onExit: Called once, when it has ended and has been reaped. Its output may not have
    ///     been read by then. If somebody else has reaped it, that is a failure to be reported, and
    ///     its status 255 where the kernel does not remember it.
    /// - Throws: The step that failed; then no process is left.
    public func spawn(
        _ request: SpawnRequest,
        stdio: (CInt, CInt, CInt),
        onExit: @escaping (ExitStatus) -> Void
    ) throws(SpawnError) -> Child {
        if let failure = simulation?.spawnFailure() { throw failure }
        let spawned = try LinuxSystem.spawn(request, stdio: stdio)
        let process = spawned.process
        let child = Child(process, spawned.takePidFD(), loop: self, onExit: onExit)
        do {
            try child.watch()
        } catch {
            try? child.destroy()
            throw SpawnError(.watch, error)
        }
        children[process] = child
        return child
    }

    /// Takes over a child of this process that another loop has started, such as one before
    /// execve(2).
    ///
    /// - Precondition: It has not been reaped.
    public func adopt(
        _ process: ProcessID,
        _ pidfd: consuming PidFD,
        onExit: @escaping (ExitStatus) -> Void
    ) throws(Errno) -> Child {
        let child = Child(process, pidfd, loop: self, onExit: onExit)
        try child.watch()
        children[process] = child
        return child
    }

    /// Whether `process` was started by this loop, and has not been reaped.
    public func isChild(_ process: ProcessID) -> Bool { children[process] != nil }

    /// Reaps children that this loop has not started: orphans, see `Orphans.adopt()`; also those that
    /// have ended by now, once the loop runs.
    ///
    /// SIGCHLD must be blocked, as for ``addSignalHandler(_:_:file:line:)``.
    ///
    /// - Parameter report: Called for each that has been reaped, with how it ended.
    public func reapOrphans(
        _ report: @escaping (ProcessID, ExitStatus) -> Void
    ) throws(Errno) {
        let reap = { [unowned self] in
            // One SIGCHLD stands for any number of exits.
            while let process = Orphans.nextExited() {
                if let child = children[process] {
                    child.collect()
                } else if let status = Orphans.reap(process) {
                    report(process, status)
                }
            }
        }
        try addSignalHandler(.child, reap)
        callSoon(reap)
    }
}
