internal import Synchronization

/// Something that happens once, or again after ``clear()``; tasks wait for it.
public final class AsyncEvent: Sendable {
    private struct State {
        var isSet = false
        var waiters = WaitList<Void>()
    }

    private let state = Mutex(State())

    /// One that is not set.
    public init() {}

    /// Whether nobody has to wait; for any thread.
    public var isSet: Bool { state.withLock { $0.isSet } }

    /// Lets all go on that wait, and all that come later; for any thread.
    public func set() {
        var waiters = state.withLock { state in
            state.isSet = true
            defer { state.waiters = WaitList() }
            return state.waiters
        }
        while let waiter = waiters.popFirst() { waiter.resume() }
    }

    /// Has those wait that come from now on; for any thread.
    public func clear() {
        state.withLock { $0.isSet = false }
    }

    /// Suspends the task until it is set.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func wait() async throws {
        let id = state.withLock { $0.waiters.makeID() }
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.isSet { return .success(()) }
                    state.waiters.append(continuation, as: id)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.remove(id) }
            waiter?.resume(throwing: CancellationError())
        }
    }
}
