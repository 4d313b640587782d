internal import LinuxSystem
internal import Synchronization
public import SystemPackage
public import SystemTypes

/// Runs callbacks, one at a time and on one thread, when something has happened: a descriptor is
/// ready, a signal came, a child ended, a deadline passed, another thread asked.
///
/// An iteration is nearly that of asyncio: look at the descriptors; queue what is due; run exactly
/// what was in the queue at that moment. What a callback registers belongs to the next iteration.
/// While calls are ready the descriptors are looked at after every 61 calls, or when those took as
/// long as a tick of the kernel, for the look costs more than a call; nobody can starve them.
///
/// All is for the thread that calls ``run()`` (and, before, for the thread that made the loop),
/// except for what is documented otherwise: ``post(_:)``, ``stop()`` and ``spawn(name:_:)`` are for
/// any.
///
/// To use a loop after ``close()``, or to run it twice at once, is a bug, and traps.
///
/// Coroutines run on it as well: it is the executor of the tasks that ``spawn(name:_:)`` makes and
/// of each actor that names it. Their jobs and the callbacks share one queue, first in, first out.
public final class EventLoop: @unchecked Sendable {
    // Any thread.
    private let inbox = Mutex<[Posted]>([])
    /// Whether there is anything in the inbox: spares the loop the lock when there is not.
    private let hasPosts = Atomic(false)
    private let wakeUp: EventFD
    /// The thread that is in ``run()``; 0 while none is.
    private let owner = Atomic<UInt>(0)
    private let closed = Atomic(false)
    let tasks = TaskRegistry()
    /// `nil` for every loop but one in a test.
    let simulation: (any Simulation)?

    // The loop's thread only.
    let epoll: Epoll
    var registrations = RegistrationTable()
    let ready = CallQueue()
    let timers = TimerHeap()
    var isStopping = false
    /// How many calls may still run before the descriptors have to be looked at.
    private var callsBeforePoll = 0
    /// When the descriptors were last looked at.
    private var lastTick = Instant.zero
    /// The present when it was last asked for.
    private var lastNow = Instant.zero
    /// What one wait reports; empty in between, and kept for its storage.
    private var due: [(Registration, Epoll.Readiness)] = []
    /// Calls of its tasks that are under way on threads of a pool.
    var poolCalls = 0
    var signals: SignalSource?
    var children: [ProcessID: Child] = [:]
    /// Those with ``addReader(_:_:)`` and ``addWriter(_:_:)``, by descriptor.
    var watches: [CInt: DescriptorWatch] = [:]
    /// Those that are not disconnected yet.
    var subprocesses: [ObjectIdentifier: SubprocessTransport] = [:]
    /// What all reads on this loop go into first.
    let readBuffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: EventLoop.readSize,
        alignment: 4_096
    )

    /// What copies into files go through, while there are any.
    weak var copyBuffer: CopyBuffer?

    private static let ofThread = ThreadLocal<EventLoop>()

    /// How much one read asks for; more does not make a pipe of the usual size faster.
    static let readSize = 65_536
    /// tokio's; a prime, so as not to fall into step with what the calls do.
    static let callsPerPoll = 61

    /// What other threads want run.
    private enum Posted: Sendable {
        case call(@Sendable () -> Void)
        case job(UnownedJob)
    }

    /// Makes a loop of its own: there is no other that it would have to share anything with.
    ///
    /// - Throws: `.tooManyOpenFiles`; it takes two descriptors.
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

    /// The loop that runs on the calling thread.
    public static var current: EventLoop? { ofThread.value }

    /// Runs until ``stop()``; if that came before, for one iteration that does not wait.
    ///
    /// SIGPIPE is blocked on the calling thread from now on: a write whose reader is gone shall be
    /// an error and not the end of the process.
    public func run() {
        checkRunnable()
        turn(while: { !isStopping })
    }

    /// Runs one iteration.
    ///
    /// - Parameter waits: Whether to sleep until there is something to do.
    public func runOnce(waits: Bool = true) {
        checkRunnable()
        if !waits { isStopping = true }
        turn(while: { false })
    }

    private func checkRunnable() {
        precondition(!isClosed, "the loop is closed")
        precondition(EventLoop.current == nil, "a loop runs on this thread already")
    }

    private func turn(while condition: () -> Bool) {
        let thread = Thread.currentID
        let isFree = owner.compareExchange(expected: 0, desired: thread, ordering: .relaxed)
            .exchanged
        precondition(isFree, "it runs already, on another thread")
        let outer = EventLoop.current
        EventLoop.ofThread.set(self)
        defer {
            isStopping = false
            EventLoop.ofThread.set(outer)
            owner.store(0, ordering: .relaxed)
        }
        SignalMask.block([.brokenPipe])
        callsBeforePoll = 0
        repeat { iterate() } while condition()
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

    /// Whether some thread runs it at this moment; for any thread.
    public var isRunning: Bool { owner.load(ordering: .relaxed) != 0 }

    /// Whether it can be used no more; for any thread.
    public var isClosed: Bool { closed.load(ordering: .relaxed) }

    private func iterate() {
        takeInbox()
        if isLookDue {
            wait()
            lastNow = now
            lastTick = .lastTick
            callsBeforePoll = EventLoop.callsPerPoll
        }
        timers.removeAll(dueAt: lastNow) { ready.append($0) }
        takeInbox()
        let count = ready.count
        callsBeforePoll -= count
        for _ in 0..<count {
            switch ready.popFirst() {
            case .call(let handle): handle.takeRetainedValue().run()
            case .job(let job): run(job)
            case nil: return
            }
        }
    }

    /// Whether the descriptors and the clock are to be looked at before the next batch: when there
    /// is nothing else to do; else after so many calls, or when they took as long as a tick.
    private var isLookDue: Bool {
        ready.isEmpty || callsBeforePoll <= 0 || isStopping || simulation != nil
            || lastTick != .lastTick
    }

    private func wait() {
        if let simulation { wait(in: simulation) } else { look(for: patience) }
    }

    /// Waits for descriptors, and has what is ready reported.
    ///
    /// - Returns: Whether there was anything, or somebody has woken the loop.
    @discardableResult
    func look(for timeout: Duration?) -> Bool {
        var isWoken = false
        var due: [(Registration, Epoll.Readiness)] = []
        swap(&due, &self.due)
        defer {
            due.removeAll(keepingCapacity: true)
            swap(&due, &self.due)
        }
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
        guard hasPosts.load(ordering: .acquiring) else { return }
        let calls = inbox.withLock { calls in
            hasPosts.store(false, ordering: .relaxed)
            defer { calls.removeAll() }
            return calls
        }
        for call in calls {
            switch call {
            case .call(let body): ready.append(Handle(body))
            case .job(let job): ready.append(job)
            }
        }
    }

    /// Ends the tasks and gives up all that is watched; the loop cannot be used again.
    ///
    /// Tasks are cancelled, and run until they have ended. Signals get back what they did before;
    /// children live on, and nobody reaps them; calls are dropped. Until then the loop and what it
    /// watches hold each other. To close it twice has no effect.
    ///
    /// - Precondition: It does not run.
    public func close() {
        guard !isClosed else { return }
        precondition(!isRunning, "closed while it runs")
        tasks.cancelAll()
        // A loop that is stopping does not sleep, and in virtual time never sees a deadline.
        isStopping = false
        if !tasks.isEmpty { turn(while: { !tasks.isEmpty }) }
        closed.store(true, ordering: .relaxed)
        signals?.close()
        signals = nil
        for child in children.values { child.abandon() }
        children = [:]
        for watch in watches.values { watch.close() }
        watches = [:]
        subprocesses = [:]
        ready.removeAll()
        timers.removeAll()
        inbox.withLock {
            hasPosts.store(false, ordering: .relaxed)
            $0.removeAll()
        }
    }

    // MARK: - Calls

    /// Runs `body` in the next iteration, after what was registered before it.
    @discardableResult
    public func callSoon(_ body: @escaping () -> Void) -> Handle {
        precondition(!isClosed, "the loop is closed")
        let handle = Handle(body)
        ready.append(handle)
        return handle
    }

    /// Runs `body` once `deadline` has come; calls with equal deadlines in order of registration.
    @discardableResult
    public func callAt(_ deadline: Instant, _ body: @escaping () -> Void) -> TimerHandle {
        let timer = TimerHandle(deadline: deadline, body)
        schedule(timer)
        return timer
    }

    func schedule(_ timer: TimerHandle) {
        precondition(!isClosed, "the loop is closed")
        timers.insert(timer)
    }

    /// Runs `body` when `delay` has passed, as ``callAt(_:_:)`` does.
    @discardableResult
    public func callLater(_ delay: Duration, _ body: @escaping () -> Void) -> TimerHandle {
        // What is due at once is due in the next iteration, whether it looks at the clock or not.
        lastNow = now
        return callAt(lastNow + delay, body)
    }

    /// Takes a timer out of the heap; nothing of it is left to pass by later.
    public func cancel(_ timer: TimerHandle) {
        timers.remove(timer)
        timer.cancel()
    }

    /// Has the loop's thread run `body`; for any thread.
    ///
    /// Calls of one thread keep their order. A sleeping loop is woken once for all that is posted
    /// until it wakes. What comes after ``close()`` is dropped: who posts cannot know.
    public func post(_ body: @escaping @Sendable () -> Void) {
        if isOnLoopThread {
            ready.append(Handle(body))
        } else {
            post(.call(body))
        }
    }

    private func post(_ posted: Posted) {
        guard !isClosed else { return }
        let isFirst = inbox.withLock { calls in
            calls.append(posted)
            hasPosts.store(true, ordering: .releasing)
            return calls.count == 1
        }
        if isFirst { wakeUp.signal() }
    }

    /// Queues a step of a task; for any thread.
    ///
    /// After ``close()`` it is lost, and the task never ends: a bug of whoever gave this loop to a
    /// task or an actor that outlives it.
    public func enqueue(_ job: consuming ExecutorJob) {
        assert(!isClosed, "a task goes on after its loop was closed")
        let job = UnownedJob(job)
        if isOnLoopThread {
            ready.append(job)
        } else {
            post(.job(job))
        }
    }
}
