internal import LinuxSystem
internal import Synchronization
public import SystemPackage
internal import SystemTypes

/// Runs callbacks, one at a time and on one thread, when something has happened: a descriptor is
/// ready, a signal came, a child ended, a deadline passed, another thread asked.
///
/// An iteration is nearly that of asyncio: look at the descriptors; queue what is due; run exactly
/// what was in the queue at that moment. What a callback registers belongs to the next iteration.
/// While calls are ready the descriptors are looked at after every 61 calls, or when those took as
/// long as a tick of the kernel, for the look costs more than a call; nobody can starve them. The
/// tick is looked at after every eighth call, and after each while they take that long.
///
/// All is for the thread that calls ``run()`` (and, before, for the thread that made the loop),
/// except for what is documented otherwise: ``post(_:file:line:)``, ``stop()`` and
/// ``spawn(name:_:file:line:)`` are for any.
///
/// To use a loop after ``close()``, or to run it twice at once, is a bug, and traps.
///
/// Coroutines run on it as well: it is the executor of the tasks that
/// ``spawn(name:_:file:line:)`` makes and of each actor that names it. Their jobs and the callbacks
/// share one queue, first in, first out.
public final class EventLoop: @unchecked Sendable {
    // Any thread.
    let inbox: Inbox
    /// The thread that is in ``run()``; 0 while none is.
    private let owner = Atomic<UInt>(0)
    private let closed = Atomic(false)
    /// Whether a step of a task came too late, and was told of.
    let hasLostStep = Atomic(false)
    let tasks = TaskRegistry()
    /// See ``yield()``.
    let turn = Turn()
    /// `nil` for every loop but one in a test.
    let simulation: (any Simulation)?
    /// See ``threadPool``; `nil` until somebody wants it.
    let ownPool = Mutex<ThreadPool?>(nil)

    // The loop's thread only.
    /// Gets the errors of callbacks; `nil` for a line on standard error.
    ///
    /// What it does itself must not fail.
    public var exceptionHandler: ((EventLoop, FailureContext) -> Void)?
    let epoll: Epoll
    var registrations = RegistrationTable()
    private let storage = CallStorage.take()
    let ready: CallQueue
    let timers: TimerWheel
    var isStopping = false
    /// How many calls may still run before ``isLookDue`` is asked.
    private var callsBeforeCheck = 0
    /// How many calls may then still run before the descriptors have to be looked at.
    private var callsBeforeLook = 0
    /// After how many calls the tick is looked at; fewer when the last ones took long.
    private var callsPerCheck = 1
    /// The tick at which the descriptors were last looked at.
    private var lastTick = Instant.zero
    /// The present when they were, or when it was asked for since then.
    private(set) var lastLook = Instant.zero
    private var spinning = Patience()
    /// What was taken out of the inbox; empty in between, and kept for its storage.
    private var taken: [Inbox.Post] = []
    /// What one wait reports; likewise.
    private var due: [(Registration, Epoll.Readiness)] = []
    var counters = Metrics()
    // Not public itself: the compiler would have each call check that nobody changes it meanwhile.
    var isTiming = false
    /// Whether the clock is read before and after each call, for ``Metrics/lags`` and
    /// ``Metrics/longestCall``; it costs as much as the call.
    public var isMeasuring: Bool {
        get { isTiming }
        set { isTiming = newValue }
    }
    /// When the calls of this batch could have run at the earliest.
    private(set) var readySince = Instant.zero
    private var batchBegan = Instant.zero
    /// Whether the batch of this iteration went before reports of descriptors, and is over.
    private var hasRunBatch = false
    let presentCall = PresentCall()
    var stallWatch: StallWatch?
    /// Calls of its tasks that are under way on threads of a pool.
    var poolCalls = 0
    var signals: SignalSource?
    var children: [ProcessID: Child] = [:]
    /// Those with ``addReader(_:_:file:line:)`` and ``addWriter(_:_:file:line:)``, by descriptor.
    var watches: [CInt: DescriptorWatch] = [:]
    /// Those that are not disconnected yet.
    var subprocesses: [ObjectIdentifier: SubprocessTransport] = [:]
    let readBuffer = ReadBuffer()
    /// What copies into files go through, while there are any.
    weak var copyBuffer: CopyBuffer?

    private static let ofThread = ThreadLocal<EventLoop>()

    /// tokio's; a prime, so as not to fall into step with what the calls do.
    private static let callsPerLook = 61
    /// To look at the tick costs a tenth of a call.
    private static let callsPerCheckMax = 8

    /// Makes a loop of its own: there is no other that it would have to share anything with.
    ///
    /// With the environment variable `REACTOR_DEBUG` set to anything, it tells of calls that hold it
    /// for 100 ms on standard error, as ``watchStalls(longerThan:report:)`` does.
    ///
    /// - Throws: `.tooManyOpenFiles`; it takes two descriptors.
    public convenience init() throws(Errno) {
        try self.init(simulation: nil)
        if EventLoop.isDebugging { try reportStalls() }
    }

    package init(simulation: (any Simulation)?) throws(Errno) {
        self.simulation = simulation
        (ready, timers) = (storage.calls, storage.timers)
        epoll = try Epoll()
        inbox = try Inbox()
        try epoll.add(inbox.descriptor, for: .read, token: RegistrationTable.wakeUpToken)
        lastLook = now
        turn.attach(to: self)
    }

    deinit {
        storage.giveBack()
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
        storage.setOwner(thread)
        defer {
            isStopping = false
            EventLoop.ofThread.set(outer)
            storage.setOwner(0)
            owner.store(0, ordering: .relaxed)
        }
        SignalMask.block([.brokenPipe])
        lookSoon()
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

    /// Whether the calling thread may touch what is the loop's: it runs the loop, or nobody does.
    var isAccessible: Bool { isOnLoopThread || !isRunning }

    /// Whether it can be used no more; for any thread.
    public var isClosed: Bool { closed.load(ordering: .relaxed) }

    private func iterate() {
        if inbox.hasPosts { takeInbox() }
        if ready.isEmpty, callsBeforeLook > 0, mayLookOut { takeInbox() }
        // What is registered from here on belongs to the next iteration, timers included.
        let sequence = timers.nextSequence
        hasRunBatch = false
        let isLooking = (ready.isEmpty || callsBeforeCheck <= 0) && isLookDue
        if isLooking {
            wait()
            lastLook = now
            lastTick = .lastTick
            callsBeforeLook = EventLoop.callsPerLook
            callsBeforeCheck = simulation == nil ? callsPerCheck : 0
            if !hasRunBatch, inbox.hasPosts { takeInbox() }
        }
        if isTiming {
            readySince = isLooking ? lastLook : max(lastLook, batchBegan)
            batchBegan = now
        }
        counters.iterations += 1
        if !hasRunBatch { runReady() }
        if isLooking { runTimers(before: sequence) }
    }

    /// Runs what is queued, and nothing that is queued meanwhile.
    private func runReady() {
        let count = ready.count
        callsBeforeCheck -= count
        counters.calls += count
        for _ in 0..<count { run(ready.removeFirst()) }
    }

    private func runTimers(before sequence: UInt64) {
        // The callbacks may ask for the present.
        let due = lastLook
        while let slot = timers.removeFirst(
            dueAt: due,
            before: sequence,
            later: { ready.append(timer: $0) }
        ) {
            runTimer(slot)
            callsBeforeCheck -= 1
            counters.calls += 1
        }
    }

    private func runTimer(_ slot: Int) {
        guard let (body, place) = timers.take(slot, now: { now }) else { return }
        attempt(body, .timer, place)
    }

    private func run(_ entry: consuming CallQueue.Entry) {
        switch entry.kind {
        case .call:
            guard let body = entry.body else { return }
            attempt(body, .call, Place(raw: entry.word))
        case .job:
            let job = unsafeBitCast(entry.word, to: UnownedJob.self)
            if isTiming { measure(nil) { run(job) } } else { run(job) }
        case .timer:
            runTimer(Int(entry.word))
        }
    }

    /// Whether the descriptors and the clock are to be looked at before the next batch: when there
    /// is nothing else to do; else after so many calls, or when they took as long as a tick.
    private var isLookDue: Bool {
        if ready.isEmpty || isStopping || simulation != nil { return true }
        callsBeforeLook -= callsPerCheck - callsBeforeCheck
        guard callsBeforeLook > 0 else { return true }
        guard lastTick == .lastTick else {
            callsPerCheck = 1
            return true
        }
        callsPerCheck = min(2 * callsPerCheck, EventLoop.callsPerCheckMax)
        callsBeforeCheck = callsPerCheck
        return false
    }

    /// Waits awake for other threads, if that is worthwhile.
    private var mayLookOut: Bool {
        guard spinning.isWorthwhile, !isStopping, simulation == nil else { return false }
        return spinning.wait(until: timers.first ?? .distantFuture) { inbox.hasPosts }
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
        swap(&due, &self.due)
        defer {
            due.removeAll(keepingCapacity: true)
            swap(&due, &self.due)
        }
        let isWoken: Bool
        if timeout == .zero {
            isWoken = collect(&due, for: .zero)
        } else {
            isWoken = sleep(for: timeout, &due)
        }
        if !due.isEmpty { runCauses() }
        if let simulation { arrange(&due, in: simulation) }
        // Exits and signals first: there are few of them, and much waits for them.
        for (registration, readiness) in due where registration.isUrgent {
            report(readiness, to: registration)
        }
        for (registration, readiness) in due where !registration.isUrgent {
            report(readiness, to: registration)
        }
        return isWoken || !due.isEmpty
    }

    /// Runs what is queued, or was posted, before the reports of descriptors.
    ///
    /// Whoever posts something and then writes to a descriptor, or has somebody write, may count on
    /// that order, as with asyncio; and both may come to light in one look.
    private func runCauses() {
        if inbox.hasPosts { takeInbox() }
        if isTiming { readySince = now }
        runReady()
        hasRunBatch = true
    }

    private func report(_ readiness: Epoll.Readiness, to registration: Registration) {
        guard isTiming else { return registration.report(readiness) }
        measure(nil) { registration.report(readiness) }
    }

    /// - Returns: Whether somebody has woken the loop.
    private func sleep(
        for timeout: Duration?,
        _ due: inout [(Registration, Epoll.Readiness)]
    ) -> Bool {
        let begin = Instant.now
        let isWoken = inbox.whileAsleep { mayWait in
            collect(&due, for: mayWait ? timeout : .zero) || !mayWait
        }
        let duration = Instant.now - begin
        counters.idle += duration
        if inbox.hasPosts {
            spinning.noteSleep(nanoseconds: duration.nanoseconds)
        } else {
            spinning.noteOther()
        }
        return isWoken
    }

    /// - Returns: Whether somebody has woken the loop.
    private func collect(
        _ due: inout [(Registration, Epoll.Readiness)],
        for timeout: Duration?
    ) -> Bool {
        var isWoken = false
        do {
            try epoll.wait(timeout: timeout) { token, readiness in
                guard token != RegistrationTable.wakeUpToken else {
                    isWoken = true
                    return inbox.clearWakeUp()
                }
                // A token that is not found belongs to a descriptor that was closed meanwhile.
                guard let registration = registrations[token] else { return }
                due.append((registration, readiness))
            }
        } catch {
            preconditionFailure("epoll_pwait2: \(error)")
        }
        return isWoken
    }

    /// Has the next iteration look at the clock and the descriptors.
    func lookSoon() {
        (callsBeforeCheck, callsBeforeLook) = (0, 0)
    }

    /// How long to sleep; `nil` for as long as it takes.
    private var patience: Duration? {
        if isStopping || !ready.isEmpty { return .zero }
        return timers.first.map { $0 - now }
    }

    func takeInbox() {
        inbox.swap(with: &taken)
        for post in taken {
            switch post {
            case .call(let body, let place): ready.append(body, place)
            case .job(let job): ready.append(job)
            }
        }
        taken.removeAll(keepingCapacity: true)
    }

    /// Ends the tasks and gives up all that is watched; the loop cannot be used again.
    ///
    /// Tasks are cancelled, and run until they have ended, and with them the children of
    /// ``withChild(_:stdin:stdout:stderr:grace:_:)``; so do the threads of ``threadPool``. Signals
    /// get back what they did before; other children live on, and nobody reaps them; calls are
    /// dropped. Until then the loop and what it watches hold each other. To close it twice has no
    /// effect.
    ///
    /// - Precondition: It does not run.
    public func close() {
        guard !isClosed else { return }
        precondition(!isRunning, "closed while it runs")
        tasks.cancelAll()
        // A loop that is stopping does not sleep, and in virtual time never sees a deadline; whoever
        // asks for it now has got what he wants.
        isStopping = false
        while !tasks.closeIfEmpty() {
            turn {
                isStopping = false
                return !tasks.isEmpty
            }
        }
        closed.store(true, ordering: .relaxed)
        ownPool.withLock { $0?.shutDown() }
        stallWatch?.end()
        stallWatch = nil
        signals?.close()
        signals = nil
        for child in children.values { child.abandon() }
        children = [:]
        for watch in watches.values { watch.close() }
        watches = [:]
        subprocesses = [:]
        ready.removeAll()
        timers.removeAll()
        for case .job in inbox.close() { reportLostStep() }
    }
}
