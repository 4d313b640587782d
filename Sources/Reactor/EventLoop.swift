internal import DequeModule
internal import LinuxSystem
internal import Synchronization
public import SystemPackage
public import SystemTypes

/// Runs callbacks, one at a time and on one thread, when something has happened: a descriptor is
/// ready, a signal came, a child ended, a deadline passed, another thread asked.
///
/// An iteration is that of asyncio: wait; queue what is due; run exactly what was in the queue at
/// that moment. What a callback registers belongs to the next iteration, after another look at the
/// descriptors, so nobody can starve them.
///
/// All is for the thread that calls ``run()`` (and, before, for the thread that made the loop),
/// except for what is documented otherwise: ``post(_:)``, ``stop()`` and ``spawn(name:_:)`` are for
/// any.
///
/// Coroutines run on it as well: it is the executor of the tasks that ``spawn(name:_:)`` makes and
/// of each actor that names it. Their jobs and the callbacks share one queue, first in, first out.
public final class EventLoop: @unchecked Sendable {
    // Any thread.
    private let inbox = Mutex<[Posted]>([])
    private let wakeUp: EventFD
    /// The thread that is in ``run()``; 0 while none is.
    private let owner = Atomic<UInt>(0)
    let tasks = TaskRegistry()
    /// `nil` for every loop but one in a test.
    let simulation: (any Simulation)?

    // The loop's thread only.
    let epoll: Epoll
    var registrations = RegistrationTable()
    var ready = Deque<Ready>()
    var timers = TimerHeap()
    var isStopping = false
    /// Calls of its tasks that are under way on threads of a pool.
    var poolCalls = 0
    var signals: SignalSource?
    var children: [ProcessID: Child] = [:]
    /// What all reads on this loop go into first.
    let readBuffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: EventLoop.readSize,
        alignment: 4_096
    )

    /// How much one read asks for; more does not make a pipe of the usual size faster.
    static let readSize = 65_536

    /// What other threads want run.
    private enum Posted: Sendable {
        case call(@Sendable () -> Void)
        case job(UnownedJob)
    }

    /// What is to be run in the next batch.
    enum Ready {
        case call(Handle)
        case job(UnownedJob)
    }

    public convenience init() throws(Errno) {
        try self.init(simulation: nil)
    }

    package init(simulation: (any Simulation)?) throws(Errno) {
        self.simulation = simulation
        epoll = try Epoll()
        wakeUp = try EventFD()
        try epoll.add(wakeUp.raw, for: .read, token: RegistrationTable.wakeUpToken)
    }

    deinit {
        readBuffer.deallocate()
    }

    // MARK: - Running

    /// Runs until ``stop()``.
    ///
    /// SIGPIPE is blocked on the calling thread from now on: a write whose reader is gone shall be
    /// an error and not the end of the process.
    public func run() {
        isStopping = false
        turn(while: { !isStopping })
    }

    private func turn(while condition: () -> Bool) {
        precondition(owner.load(ordering: .relaxed) == 0, "it runs already")
        owner.store(Thread.currentID, ordering: .relaxed)
        defer { owner.store(0, ordering: .relaxed) }
        SignalMask.block([.brokenPipe])
        repeat { runOnce() } while condition()
    }

    /// Finishes the current batch of callbacks and leaves ``run()``.
    ///
    /// From any thread. What is queued later stays for the next run.
    public func stop() {
        guard isOnLoopThread else { return post { self.stop() } }
        isStopping = true
    }

    /// Whether the caller is on the thread that runs the loop.
    public var isOnLoopThread: Bool { owner.load(ordering: .relaxed) == Thread.currentID }

    private func runOnce() {
        takeInbox()
        wait()
        timers.removeAll(dueAt: now) { ready.append(.call($0)) }
        takeInbox()
        for _ in 0..<ready.count {
            switch ready.popFirst() {
            case .call(let handle): handle.run()
            case .job(let job): run(job)
            case nil: return
            }
        }
    }

    private func wait() {
        if let simulation { wait(in: simulation) } else { look(for: patience) }
    }

    /// Waits for descriptors, and has what is ready reported.
    ///
    /// - Returns: Whether there was anything, or somebody has woken the loop.
    @discardableResult
    func look(for timeout: Duration?) -> Bool {
        var due: [(Registration, Epoll.Readiness)] = []
        var isWoken = false
        do {
            try epoll.wait(timeout: timeout) { token, readiness in
                guard token != RegistrationTable.wakeUpToken else {
                    isWoken = true
                    return wakeUp.clear()
                }
                // A token that is not found belongs to a descriptor that was closed meanwhile.
                guard let registration = registrations[token] else { return }
                due.append((registration, readiness))
            }
        } catch {
            preconditionFailure("epoll_pwait2: \(error)")
        }
        if let simulation { arrange(&due, in: simulation) }
        // Exits and signals first: there are few of them, and much waits for them.
        for (registration, readiness) in due where registration.isUrgent {
            registration.report(readiness)
        }
        for (registration, readiness) in due where !registration.isUrgent {
            registration.report(readiness)
        }
        return isWoken || !due.isEmpty
    }

    /// How long to sleep; `nil` for as long as it takes.
    private var patience: Duration? {
        if isStopping || !ready.isEmpty { return .zero }
        return timers.first.map { $0 - now }
    }

    private func takeInbox() {
        let calls = inbox.withLock { calls in
            defer { calls.removeAll() }
            return calls
        }
        for call in calls {
            switch call {
            case .call(let body): ready.append(.call(Handle(body)))
            case .job(let job): ready.append(.job(job))
            }
        }
    }

    /// Cancels the tasks and runs until they have ended; then gives up signals, children and calls; the loop cannot be run again.
    ///
    /// Until then the loop and what it watches hold each other.
    public func close() {
        tasks.cancelAll()
        // A loop that is stopping does not sleep, and in virtual time never sees a deadline.
        isStopping = false
        if !tasks.isEmpty { turn(while: { !tasks.isEmpty }) }
        signals?.close()
        signals = nil
        for child in children.values { child.abandon() }
        children = [:]
        ready = []
        timers = TimerHeap()
        inbox.withLock { $0.removeAll() }
    }

    // MARK: - Calls

    /// Runs `body` in the next iteration, after what was registered before it.
    @discardableResult
    public func callSoon(_ body: @escaping () -> Void) -> Handle {
        let handle = Handle(body)
        ready.append(.call(handle))
        return handle
    }

    /// Runs `body` once `deadline` has come; calls with equal deadlines in order of registration.
    @discardableResult
    public func callAt(_ deadline: Instant, _ body: @escaping () -> Void) -> TimerHandle {
        let timer = TimerHandle(deadline: deadline, body)
        timers.insert(timer)
        return timer
    }

    @discardableResult
    public func callLater(_ delay: Duration, _ body: @escaping () -> Void) -> TimerHandle {
        callAt(now + delay, body)
    }

    /// Takes a timer out of the heap; nothing of it is left to pass by later.
    public func cancel(_ timer: TimerHandle) {
        timers.remove(timer)
        timer.cancel()
    }

    /// Has the loop's thread run `body`; for any thread.
    ///
    /// Calls of one thread keep their order. A sleeping loop is woken once for all that is posted
    /// until it wakes.
    public func post(_ body: @escaping @Sendable () -> Void) {
        if isOnLoopThread {
            ready.append(.call(Handle(body)))
        } else {
            post(.call(body))
        }
    }

    private func post(_ posted: Posted) {
        let isFirst = inbox.withLock { calls in
            calls.append(posted)
            return calls.count == 1
        }
        if isFirst { wakeUp.signal() }
    }

    /// Queues a step of a task; for any thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnLoopThread {
            ready.append(.job(job))
        } else {
            post(.job(job))
        }
    }
}
