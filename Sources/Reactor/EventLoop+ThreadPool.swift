internal import Synchronization

extension EventLoop {
    /// Has a thread of `pool` make a costly call, and suspends the task until it has returned.
    ///
    /// A call that is cancelled before a thread has begun it is never made; one that is under way
    /// is waited for.
    ///
    /// - Throws: What `body` throws; `CancellationError`; ``ThreadPool/Refusal``.
    public func runInExecutor<Success: Sendable>(
        _ pool: ThreadPool,
        _ body: @escaping @Sendable () throws -> Success
    ) async throws -> Success {
        let call = PoolCall<Success>(pool)
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
private final class PoolCall<Success: Sendable>: Sendable {
    private enum State {
        case idle
        case submitted(UInt64, UnsafeContinuation<Success, any Error>)
        case cancelled
        case over
    }

    private let pool: ThreadPool
    private let state = Mutex(State.idle)

    init(_ pool: ThreadPool) {
        self.pool = pool
    }

    func begin(
        _ body: @escaping @Sendable () throws -> Success,
        _ continuation: UnsafeContinuation<Success, any Error>
    ) {
        let refusal: (any Error)? = state.withLock { state in
            guard case .idle = state else { return CancellationError() }
            do {
                // The thread may begin before this has returned: it then waits for the lock.
                let id = try pool.submit { self.run(body) }
                state = .submitted(id, continuation)
                return nil
            } catch {
                state = .over
                return error
            }
        }
        if let refusal { continuation.resume(throwing: refusal) }
    }

    private func run(_ body: () throws -> Success) {
        let continuation = state.withLock { state -> UnsafeContinuation<Success, any Error>? in
            guard case .submitted(_, let continuation) = state else { return nil }
            state = .over
            return continuation
        }
        continuation?.resume(with: Result { try body() })
    }

    func cancel() {
        let continuation = state.withLock { state -> UnsafeContinuation<Success, any Error>? in
            switch state {
            case .idle:
                state = .cancelled
                return nil
            case .submitted(let id, let continuation) where pool.cancel(id):
                state = .over
                return continuation
            case .submitted, .cancelled, .over:
                return nil
            }
        }
        continuation?.resume(throwing: CancellationError())
    }
}
