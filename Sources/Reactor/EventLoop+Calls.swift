internal import LinuxSystem
internal import Synchronization
public import SystemTypes

extension EventLoop {
    /// Runs `body` in the next iteration, after what was registered before it.
    @discardableResult
    public func callSoon(
        _ body: @escaping () throws -> Void,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Handle {
        precondition(!isClosed, "the loop is closed")
        // What this thread has posted before the run comes first.
        if !isRunning, inbox.hasPosts { takeInbox() }
        let position = ready.append(body, Place(file, line))
        return Handle(calls: .passUnretained(ready), position: position)
    }

    /// Runs `body` in the next iteration, as ``callSoon(_:file:line:)`` does, inside of an actor that
    /// is pinned to this loop.
    ///
    /// Inside of the actor nothing of the kind is needed: a closure that is made there stays there.
    ///
    /// - Precondition: The loop is the executor of `actor`.
    @discardableResult
    public func callSoon<Isolated: Actor>(
        isolatedTo actor: Isolated,
        _ body: @escaping (isolated Isolated) throws -> Void,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Handle {
        precondition(
            actor.unownedExecutor.asSerialExecutor() === self,
            "the actor is not pinned to this loop"
        )
        // It stays on this thread, which is the actor's.
        nonisolated(unsafe) let body = body
        return callSoon({ try actor.assumeIsolated { try body($0) } }, file: file, line: line)
    }

    /// Runs `body` once `deadline` has come; calls with equal deadlines in order of registration.
    @discardableResult
    public func callAt(
        _ deadline: Instant,
        _ body: @escaping () throws -> Void,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> TimerHandle {
        schedule(body, at: deadline, Place(file, line), now: lastLook)
    }

    /// Runs `body` when `delay` has passed, as ``callAt(_:_:file:line:)`` does.
    @discardableResult
    public func callLater(
        _ delay: Duration,
        _ body: @escaping () throws -> Void,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> TimerHandle {
        let now = now
        return schedule(body, at: now + delay, Place(file, line), now: now)
    }

    func schedule(
        _ body: @escaping () throws -> Void,
        at deadline: Instant,
        every interval: Int64 = 0,
        _ place: Place,
        now: Instant
    ) -> TimerHandle {
        precondition(!isClosed, "the loop is closed")
        let timer = timers.insert(body, at: deadline, every: interval, place, now: now)
        // What is due at once is due in the next iteration.
        if deadline <= now { lookSoon() }
        return timer
    }

    /// Has the loop's thread run `body`; for any thread.
    ///
    /// Calls of one thread keep their order. A sleeping loop is woken once for all that is posted
    /// until it wakes. What comes after ``close()`` is dropped: who posts cannot know.
    public func post(
        _ body: @escaping @Sendable () throws -> Void,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        if isOnLoopThread {
            ready.append(body, Place(file, line))
        } else {
            inbox.add(.call(body, Place(file, line)))
        }
    }

    /// Queues a step of a task; for any thread.
    ///
    /// After ``close()`` it is lost, and the task never ends: a bug of whoever gave this loop to a
    /// task or an actor that outlives it. The first is told of on standard error.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnLoopThread {
            ready.append(job)
        } else if !inbox.add(.job(job)) {
            reportLostStep()
        }
    }

    /// For any thread.
    func reportLostStep() {
        guard !hasLostStep.exchange(true, ordering: .relaxed) else { return }
        EventLoop.complain(
            "an event loop is closed, and a task or an actor on it goes on: it never ends"
        )
    }
}
