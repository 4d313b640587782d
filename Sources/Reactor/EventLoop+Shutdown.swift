internal import LinuxSystem
internal import SystemTypes

extension EventLoop {
    /// Ends what goes on, in time: then ``close()``, which never gives up, has nothing to wait for.
    ///
    /// Cancels all tasks that have begun, but for the calling one, and waits until they have ended,
    /// and with them those that they begin to clean up; then until ``threadPool`` has done its work.
    ///
    /// To be called by a task of ``spawn(name:_:file:line:)`` or ``runUntilComplete(_:)`` itself,
    /// not by one that it waits for.
    ///
    /// - Throws: ``TimeoutError``, with some of them still there; `CancellationError`.
    public func shutdownGracefully(timeout: Duration) async throws {
        let deadline = now + timeout
        tasks.cancelOthers()
        try await withDeadline(deadline) { [tasks] in try await tasks.waitUntilOneIsLeft() }
        try await shutdownThreadPool(timeout: deadline - now)
    }

    /// Has ``threadPool`` take no more, and waits until all that it took has been done.
    ///
    /// - Parameter timeout: `nil` for as long as it takes.
    /// - Throws: ``TimeoutError``, with some of it still under way; `CancellationError`; `Errno` if
    ///   there is no thread to wait on.
    public func shutdownThreadPool(timeout: Duration? = nil) async throws {
        let (pool, end) = (threadPool, AsyncEvent())
        let thread = try Thread(name: "pool's end") {
            pool.shutDown()
            end.set()
        }
        thread.detach()
        poolCalls += 1
        defer { poolCalls -= 1 }
        guard let timeout else { return try await end.wait() }
        try await withTimeout(timeout) { try await end.wait() }
    }
}
