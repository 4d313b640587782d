internal import Synchronization

extension EventLoop {
    /// The loop's own threads; for any thread.
    ///
    /// Made when it is asked for, with the standard limits. ``close()`` shuts it down, and waits for
    /// what was submitted.
    public var threadPool: ThreadPool {
        precondition(!isClosed, "the loop is closed")
        return ownPool.withLock { pool in
            if let pool { return pool }
            let made = ThreadPool()
            pool = made
            return made
        }
    }

    /// Has a thread of a pool make a costly call, and suspends the task until it has returned.
    ///
    /// A call that is cancelled before a thread has begun it is never made; one that is under way
    /// is waited for. The pool has let go of `body` by the time that the task goes on.
    ///
    /// - Parameter pool: `nil` for ``threadPool``.
    /// - Throws: What `body` throws; `CancellationError`; ``ThreadPool/Refusal``.
    public func runInExecutor<Success: Sendable>(
        _ pool: ThreadPool? = nil,
        _ body: @escaping @Sendable () throws -> Success
    ) async throws -> Success {
        let call = PoolCall<Success>(pool ?? threadPool)
        // A task on the loop comes back to it; of others it knows nothing.
        let isOurs = isOnLoopThread
        if isOurs { poolCalls += 1 }
        defer { if isOurs { poolCalls -= 1 } }
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { call.begin(body, $0) }
        } onCancel: {
            call.cancel()
        }
    }
}

/// One call on its way through a pool.
///
/// Whoever moves it out of `submitted` resumes the task: the thread that begins it, or the one that
/// cancels it.
private final class PoolCall<Success: Sendable>: @unchecked Sendable {
    private enum State: UInt8, AtomicRepresentable {
        case idle
        case submitted
        case cancelled
        case over
    }

    private let pool: ThreadPool
    /// None that the pool knows until it was submitted.
    private let id = Atomic(UInt64.max)
    private let state = Atomic(State.idle)
    // Set before it is submitted.
    private var body: (@Sendable () throws -> Success)?
    private var continuation: UnsafeContinuation<Success, any Error>?

    init(_ pool: ThreadPool) {
        self.pool = pool
    }

    func begin(
        _ body: @escaping @Sendable () throws -> Success,
        _ continuation: UnsafeContinuation<Success, any Error>
    ) {
        self.body = body
        self.continuation = continuation
        guard move(from: .idle, to: .submitted) else {
            return end(with: .failure(CancellationError()))
        }
        do {
            // A method of one object: a closure that takes no memory of its own.
            id.store(try pool.submit { self.run() }, ordering: .releasing)
        } catch {
            if move(from: .submitted, to: .over) { end(with: .failure(error)) }
        }
    }

    private func run() {
        guard move(from: .submitted, to: .over) else { return }
        end(with: Result { try makeCall() })
    }

    private func makeCall() throws -> Success {
        guard let body else { preconditionFailure("it was not submitted") }
        return try body()
    }

    private func end(with result: Result<Success, any Error>) {
        // First, so that what it holds goes away with the one who asked, on that one's thread.
        body = nil
        continuation?.resume(with: result)
    }

    func cancel() {
        if move(from: .idle, to: .cancelled) || !move(from: .submitted, to: .cancelled) { return }
        // If it is not known yet, what comes out of the queue is over, and nothing is done.
        _ = pool.cancel(id.load(ordering: .acquiring))
        end(with: .failure(CancellationError()))
    }

    private func move(from old: State, to new: State) -> Bool {
        state.compareExchange(expected: old, desired: new, ordering: .acquiringAndReleasing)
            .exchanged
    }
}
