internal import LinuxSystem
internal import SystemPackage

extension EventLoop {
    /// Suspends the task until `fd`, which stays the caller's, can be read.
    ///
    /// To be used on the loop's thread. For more than a wait now and then, ``ByteStream`` costs less.
    ///
    /// - Throws: `Errno.notPermitted` for a regular file, which is always ready; `.fileExists` for a
    ///   descriptor that is watched already; `CancellationError`.
    public func readable(_ fd: CInt) async throws {
        try await ready(fd, for: .read)
    }

    /// Suspends the task until `fd` can be written, as ``readable(_:)`` does.
    public func writable(_ fd: CInt) async throws {
        try await ready(fd, for: .write)
    }

    private func ready(_ fd: CInt, for interest: Epoll.Readiness) async throws {
        // What epoll refuses is refused here; later it would be a bug.
        try register(fd, for: interest) { _ in }.cancel()
        let readiness = try ReadinessWait(fd, for: interest, on: self)
        defer { readiness.close() }
        try await readiness.wait()
    }
}
