internal import DequeModule
internal import LinuxSystem
internal import Synchronization
internal import SystemTypes

/// Threads for calls that take long, so that a loop does not have to wait for them.
///
/// A thread is made when there is work and none is idle, up to a limit; idle ones stay. Their
/// number and the length of the queue are bounded: what does not fit is refused.
public final class ThreadPool: Sendable {
    /// Why work is not taken.
    public enum Refusal: Error, Equatable, Sendable {
        /// As much waits for a thread as may wait.
        case full
        /// It came after ``ThreadPool/shutDown()``.
        case shutDown
    }

    private struct Work {
        let id: UInt64
        let body: @Sendable () -> Void
    }

    private struct State {
        var queue = Deque<Work>()
        var nextID: UInt64 = 0
        var threads = 0
        /// Those that sleep, and have not been woken.
        var idle = 0
        /// Those that have been woken, and have not noticed it yet.
        var woken = 0
        /// Whether a thread is on its way to the queue.
        ///
        /// It wakes the next if there is more, so that one at a time has to be woken.
        var isSearched = false
        var isShutDown = false
    }

    /// What has to be done for new work, after the lock is given up.
    private enum Step {
        case nothing
        case wake
        case start
    }

    private let state = Monitor(State())
    /// Whether there is something to find for the thread that looks out.
    private let isCalled = Atomic(false)
    private let threadsMax: Int
    private let queueMax: Int

    /// - Parameters:
    ///   - threadsMax: At least 1.
    ///   - queueMax: How much may wait for a thread.
    public init(threadsMax: Int = ThreadPool.standardThreadsMax, queueMax: Int = 65_536) {
        precondition(threadsMax > 0 && queueMax > 0)
        self.threadsMax = threadsMax
        self.queueMax = queueMax
    }

    /// As in asyncio: four more than there are processors, and at most 32.
    public static var standardThreadsMax: Int { min(32, ProcessEnvironment.processorCount + 4) }

    /// Has a thread run `body`.
    ///
    /// - Returns: What ``cancel(_:)`` wants to know.
    @discardableResult
    public func submit(_ body: @escaping @Sendable () -> Void) throws(Refusal) -> UInt64 {
        var refusal: Refusal?
        var id: UInt64 = 0
        let step = state.withLock { state -> Step in
            if state.isShutDown { refusal = .shutDown }
            if state.queue.count >= queueMax { refusal = .full }
            guard refusal == nil else { return .nothing }
            id = state.nextID
            state.nextID += 1
            state.queue.append(Work(id: id, body: body))
            return callSearcher(&state)
        }
        if let refusal { throw refusal }
        take(step)
        return id
    }

    /// Takes work back that no thread has begun.
    ///
    /// - Returns: Whether it was there; if not, it runs, or has run.
    public func cancel(_ id: UInt64) -> Bool {
        // Let go outside of the lock: what it holds may want to submit something.
        let work = state.withLock { state -> Work? in
            guard let index = state.queue.firstIndex(where: { $0.id == id }) else { return nil }
            return state.queue.remove(at: index)
        }
        return work != nil
    }

    /// Takes no more, and waits until all that was taken has been done.
    public func shutDown() {
        state.withLock { $0.isShutDown = true }
        state.broadcast()
        state.wait { $0.threads == 0 ? () : nil }
    }

    // MARK: - Threads

    private func callSearcher(_ state: inout State) -> Step {
        guard !state.isSearched else {
            isCalled.store(true, ordering: .releasing)
            return .nothing
        }
        if state.idle > 0 {
            state.idle -= 1
            state.woken += 1
            state.isSearched = true
            return .wake
        }
        guard state.threads < threadsMax else { return .nothing }
        state.threads += 1
        state.isSearched = true
        return .start
    }

    private func take(_ step: Step) {
        switch step {
        case .nothing: break
        case .wake: state.signal()
        case .start: startThread()
        }
    }

    private func startThread() {
        do {
            try Thread(name: "pool") { self.work() }.detach()
        } catch {
            // Those that are there will do it; one at least has to be.
            let isAlone = state.withLock { state in
                state.threads -= 1
                state.isSearched = false
                return state.threads == 0
            }
            precondition(!isAlone, "cannot start a thread: \(error)")
        }
    }

    private func work() {
        var patience = Patience()
        var isSearcher = true
        while let work = next(&isSearcher, &patience) { work.body() }
        state.broadcast()
    }

    /// The next work, or `nil` at the end of the pool.
    private func next(_ isSearcher: inout Bool, _ patience: inout Patience) -> Work? {
        while true {
            var step = Step.nothing
            var isOver = false
            let work = state.withLock { state -> Work? in
                if isSearcher { (isSearcher, state.isSearched) = (false, false) }
                if let work = state.queue.popFirst() {
                    if !state.queue.isEmpty { step = callSearcher(&state) }
                    return work
                }
                if state.isShutDown {
                    state.threads -= 1
                    isOver = true
                } else if patience.isWorthwhile, !state.isSearched {
                    // One at a time looks out for work; it need not be woken.
                    (isSearcher, state.isSearched) = (true, true)
                    isCalled.store(false, ordering: .relaxed)
                }
                return nil
            }
            take(step)
            if work != nil || isOver { return work }
            if isSearcher {
                _ = patience.wait { isCalled.load(ordering: .acquiring) }
            } else {
                sleep(&patience)
                isSearcher = true
            }
        }
    }

    /// Sleeps until there is work or the pool ends; the thread is the searcher then.
    private func sleep(_ patience: inout Patience) {
        let begin = Instant.now
        var isListed = false
        state.wait { state -> Void? in
            if !isListed {
                // Something may have come since it was looked for.
                guard state.queue.isEmpty, !state.isShutDown else { return () }
                state.idle += 1
                isListed = true
                return nil
            }
            if state.woken > 0 {
                state.woken -= 1
                return ()
            }
            guard state.isShutDown else { return nil }
            state.idle -= 1
            return ()
        }
        patience.noteSleep(nanoseconds: Instant.now.nanoseconds - begin.nanoseconds)
    }
}
