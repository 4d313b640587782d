internal import LinuxSystem
internal import SystemPackage

/// Suspends one task at a time until a descriptor is ready; the loop's thread only, but for
/// cancellation.
///
/// Nothing is watched while nobody waits: what nobody reads stays in the pipe, and holds up who
/// writes it.
final class ReadinessWait: @unchecked Sendable {
    private typealias Continuation = UnsafeContinuation<Void, any Error>

    private let loop: EventLoop
    private let interest: Epoll.Readiness
    private var registration: Registration?
    private var waiting: Continuation?
    /// Of who waits, or has waited last: who is cancelled may have made room for another.
    private var number = 0

    init(_ fd: CInt, for interest: Epoll.Readiness, on loop: EventLoop) throws(Errno) {
        self.loop = loop
        self.interest = interest
        registration = try loop.register(fd, for: []) { [weak self] _ in
            self?.registration?.watch(for: [])
            self?.take()?.resume()
        }
    }

    /// - Precondition: Nobody waits already.
    /// - Throws: `CancellationError`.
    func wait() async throws {
        number += 1
        let number = number
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { begin($0) }
        } onCancel: {
            loop.post { self.cancel(number) }
        }
    }

    private func begin(_ continuation: Continuation) {
        precondition(loop.isOnLoopThread && waiting == nil, "two tasks wait for one descriptor")
        guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
        waiting = continuation
        registration?.watch(for: interest)
    }

    private func cancel(_ number: Int) {
        guard number == self.number else { return }
        registration?.watch(for: [])
        take()?.resume(throwing: CancellationError())
    }

    private func take() -> Continuation? {
        defer { waiting = nil }
        return waiting
    }

    /// Must come before the descriptor is closed.
    func close() {
        registration?.cancel()
        take()?.resume(throwing: CancellationError())
    }
}
