internal import Synchronization

/// A number of permits, which tasks take and give back; who comes first gets the next one.
public final class AsyncSemaphore: Sendable {
    private struct State {
        var permits: Int
        var waiters = WaitList<Void>()
    }

    private let state: Mutex<State>

    /// - Parameter permits: At least 0.
    public init(permits: Int) {
        precondition(permits >= 0)
        state = Mutex(State(permits: permits))
    }

    /// Suspends the task until there is a permit, and takes it.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled; it has no permit then.
    public func acquire() async throws {
        let id = state.withLock { $0.waiters.makeID() }
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.permits > 0 else {
                        state.waiters.append(continuation, as: id)
                        return nil
                    }
                    state.permits -= 1
                    return .success(())
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.remove(id) }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Gives a permit to the one who waits longest, if anybody does; for any thread.
    public func release() {
        let waiter = state.withLock { state in
            let waiter = state.waiters.popFirst()
            if waiter == nil { state.permits += 1 }
            return waiter
        }
        waiter?.resume()
    }

    /// Runs `body` with a permit, and gives it back in any case.
    public func withPermit<Success>(_ body: () async throws -> Success) async throws -> Success {
        try await acquire()
        defer { release() }
        return try await body()
    }
}
