internal import LinuxSystem
internal import Synchronization
public import SystemTypes

extension EventLoop {
    /// Suspends the task until `deadline`; takes no thread, and leaves no timer when it is
    /// cancelled.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(until deadline: Instant) async throws {
        let sleeper = Sleeper(self)
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { sleeper.begin(until: deadline, $0) }
        } onCancel: {
            sleeper.cancel()
        }
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
        try await withThrowingTaskGroup(of: Success.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await self.sleep(until: deadline)
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

/// One sleep; whoever comes first, the deadline or the cancellation, ends it.
private final class Sleeper: Sendable {
    private enum State {
        case idle
        case asleep(UnsafeContinuation<Void, any Error>)
        case cancelled
        case over
    }

    private let loop: EventLoop
    private let state = Mutex(State.idle)
    private let timer: Confined<TimerBox>

    /// The loop's thread only.
    private final class TimerBox {
        var handle: TimerHandle?
    }

    init(_ loop: EventLoop) {
        self.loop = loop
        timer = Confined(TimerBox(), to: loop)
    }

    func begin(until deadline: Instant, _ continuation: UnsafeContinuation<Void, any Error>) {
        let isCancelled = state.withLock { state in
            guard case .idle = state else { return true }
            state = .asleep(continuation)
            return false
        }
        guard !isCancelled else { return continuation.resume(throwing: CancellationError()) }
        onLoop { [self] in
            guard isAsleep else { return }
            timer.value.handle = loop.callAt(deadline) { [self] in end()?.resume() }
        }
    }

    func cancel() {
        let continuation = state.withLock { state -> UnsafeContinuation<Void, any Error>? in
            defer { if case .over = state {} else { state = .cancelled } }
            guard case .asleep(let continuation) = state else { return nil }
            return continuation
        }
        guard let continuation else { return }
        continuation.resume(throwing: CancellationError())
        onLoop { [self] in
            timer.value.handle?.cancel()
        }
    }

    private var isAsleep: Bool {
        state.withLock { if case .asleep = $0 { true } else { false } }
    }

    private func end() -> UnsafeContinuation<Void, any Error>? {
        state.withLock { state in
            guard case .asleep(let continuation) = state else { return nil }
            state = .over
            return continuation
        }
    }

    private func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.isOnLoopThread { body() } else { loop.post(body) }
    }
}
