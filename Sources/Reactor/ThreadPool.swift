internal import DequeModule
internal import LinuxSystem

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
        var idle = 0
        var isShutDown = false
    }

    private let state = Monitor(State())
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
        let (answer, needsThread) = state.withLock { state -> (Result<UInt64, Refusal>, Bool) in
            guard !state.isShutDown else { return (.failure(.shutDown), false) }
            guard state.queue.count < queueMax else { return (.failure(.full), false) }
            state.nextID += 1
            state.queue.append(Work(id: state.nextID, body: body))
            let needsThread = state.queue.count > state.idle && state.threads < threadsMax
            if needsThread { state.threads += 1 }
            return (.success(state.nextID), needsThread)
        }
        let id = try answer.get()
        if needsThread { startThread() } else { state.signal() }
        return id
    }

    /// Takes work back that no thread has begun.
    ///
    /// - Returns: Whether it was there; if not, it runs, or has run.
    public func cancel(_ id: UInt64) -> Bool {
        state.withLock { state in
            guard let index = state.queue.firstIndex(where: { $0.id == id }) else { return false }
            state.queue.remove(at: index)
            return true
        }
    }

    /// Takes no more, and waits until all that was taken has been done.
    public func shutDown() {
        state.withLock { $0.isShutDown = true }
        state.broadcast()
        state.wait { $0.threads == 0 ? () : nil }
    }

    private func startThread() {
        do {
            try Thread(name: "pool") { self.work() }.detach()
        } catch {
            // Those that are there will do it; one at least has to be.
            let isAlone = state.withLock { state in
                state.threads -= 1
                return state.threads == 0
            }
            precondition(!isAlone, "cannot start a thread: \(error)")
        }
    }

    private func work() {
        while let work = next() { work.body() }
    }

    private func next() -> Work? {
        var isIdle = false
        let work = state.wait { state -> Work?? in
            guard let work = state.queue.popFirst() else {
                guard state.isShutDown else {
                    if !isIdle { state.idle += 1 }
                    isIdle = true
                    return nil
                }
                state.threads -= 1
                return .some(nil)
            }
            if isIdle { state.idle -= 1 }
            return work
        }
        if work == nil { state.broadcast() }
        return work
    }
}
