internal import Synchronization
internal import SystemTypes

/// One sleep; whoever comes first, the deadline or the cancellation, ends it.
final class Sleeper: Sendable {
    private enum State {
        case idle
        case asleep(UnsafeContinuation<Void, any Error>)
        case cancelled
        case over
    }

    private let loop: EventLoop
    private let state = Mutex(State.idle)
    private let current: Mutex<Instant>
    private let timer: Confined<TimerBox>

    /// The loop's thread only.
    private final class TimerBox {
        var handle: TimerHandle?
    }

    init(until deadline: Instant, on loop: EventLoop) {
        self.loop = loop
        current = Mutex(deadline)
        timer = Confined(TimerBox(), to: loop)
    }

    /// When it ends; for any thread, and also before it has begun.
    var deadline: Instant {
        get { current.withLock(\.self) }
        set {
            current.withLock { $0 = newValue }
            onLoop { [self] in setTimer() }
        }
    }

    /// - Throws: `CancellationError`.
    func sleep() async throws {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { begin($0) }
        } onCancel: {
            cancel()
        }
    }

    private func begin(_ continuation: UnsafeContinuation<Void, any Error>) {
        let isCancelled = state.withLock { state in
            guard case .idle = state else { return true }
            state = .asleep(continuation)
            return false
        }
        guard !isCancelled else { return continuation.resume(throwing: CancellationError()) }
        onLoop { [self] in setTimer() }
    }

    private func setTimer() {
        guard isAsleep else { return }
        timer.value.handle?.cancel()
        timer.value.handle = loop.callAt(deadline) { [self] in end()?.resume() }
    }

    private func cancel() {
        let continuation = state.withLock { state -> UnsafeContinuation<Void, any Error>? in
            defer { if case .over = state {} else { state = .cancelled } }
            guard case .asleep(let continuation) = state else { return nil }
            return continuation
        }
        guard let continuation else { return }
        continuation.resume(throwing: CancellationError())
        onLoop { [self] in timer.value.handle?.cancel() }
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
