internal import SystemTypes

extension EventLoop {
    /// Makes a loop, runs `body` on it to the end, and closes it: the whole of a program.
    ///
    /// The first SIGINT cancels `body`, which may clean up; the second does what it did before,
    /// which is to end the process. Tasks that are left over are cancelled and waited for.
    ///
    /// - Throws: What `body` throws; `Errno`, if the loop cannot be made.
    public static func run<Success: Sendable>(
        _ body: @escaping @Sendable (EventLoop) async throws -> Success
    ) throws -> Success {
        let loop = try EventLoop()
        defer { loop.close() }
        return try loop.runUntilComplete {
            // Valid as long as this runs, and nobody interrupts it later.
            let main = withUnsafeCurrentTask { $0 }
            try loop.addSignalHandler(.interrupt) {
                _ = loop.removeSignalHandler(.interrupt)
                main?.cancel()
            }
            defer { _ = loop.removeSignalHandler(.interrupt) }
            return try await body(loop)
        }
    }

    /// Runs `body` to its end though the calling task is cancelled, or already was: for clean-up
    /// that has to suspend.
    ///
    /// ``close()`` cancels it all the same.
    ///
    /// - Parameter timeout: After which it is cancelled; `nil` for never.
    /// - Throws: What `body` throws; ``TimeoutError``.
    public func withCancellationShield<Success: Sendable>(
        timeout: Duration? = nil,
        _ body: @escaping @Sendable () async throws -> Success
    ) async throws -> Success {
        try await spawn(name: "clean-up") { [self] in
            guard let timeout else { return try await body() }
            return try await withTimeout(timeout, body)
        }.value
    }
}
