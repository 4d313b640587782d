public import SystemTypes

extension EventLoop {
    /// Suspends the task until `deadline`; takes no thread, and leaves no timer when it is
    /// cancelled.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(until deadline: Instant) async throws {
        try await Sleeper(until: deadline, on: self).sleep()
    }

    /// Suspends the task for `duration`, as ``sleep(until:)`` does.
    public func sleep(for duration: Duration) async throws {
        try await sleep(until: now + duration)
    }

    /// Runs `body`, and cancels it if it has not ended after `duration`.
    ///
    /// Waits for its end in any case.
    ///
    /// - Throws: ``TimeoutError`` if the time was over; else what `body` throws.
    public func withTimeout<Success: Sendable>(
        _ duration: Duration,
        _ body: @escaping @Sendable () async throws -> Success
    ) async throws -> Success {
        try await withDeadline(now + duration, body)
    }

    /// Runs `body`, and cancels it if it has not ended at `deadline`, as ``withTimeout(_:_:)`` does.
    public func withDeadline<Success: Sendable>(
        _ deadline: Instant,
        _ body: @escaping @Sendable () async throws -> Success
    ) async throws -> Success {
        try await withMovableDeadline(deadline) { _ in try await body() }
    }

    /// Runs `body`, which may move its own deadline, as ``withDeadline(_:_:)`` does.
    public func withMovableDeadline<Success: Sendable>(
        _ deadline: Instant,
        _ body: @escaping @Sendable (_ deadline: MovableDeadline) async throws -> Success
    ) async throws -> Success {
        let sleeper = Sleeper(until: deadline, on: self)
        return try await withThrowingTaskGroup(of: Success.self) { group in
            group.addTask { try await body(MovableDeadline(sleeper)) }
            group.addTask {
                try await sleeper.sleep()
                throw TimeoutError()
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw TimeoutError() }
            return first
        }
    }
}

/// The time given to ``EventLoop/withTimeout(_:_:)`` was over.
public struct TimeoutError: Error, Equatable, Sendable {
    /// For those who keep a deadline of their own.
    public init() {}
}
