internal import SystemPackage

extension EventLoop {
    /// Suspends the task until `fd`, which stays the caller's, can be read.
    ///
    /// To be used on the loop's thread. For more than a wait now and then, ``ByteStream`` costs less.
    /// Another task may wait for ``writable(_:)`` meanwhile.
    ///
    /// - Throws: `Errno.notPermitted` for a regular file, which is always ready; `.fileExists` for a
    ///   descriptor that somebody reads already; `CancellationError`.
    public func readable(_ fd: CInt) async throws {
        guard watches[fd]?.reader == nil else { throw Errno.fileExists }
        let event = AsyncEvent()
        try addReader(fd) { event.set() }
        defer { removeReader(fd) }
        try await event.wait()
    }

    /// Suspends the task until `fd` can be written, as ``readable(_:)`` does.
    public func writable(_ fd: CInt) async throws {
        guard watches[fd]?.writer == nil else { throw Errno.fileExists }
        let event = AsyncEvent()
        try addWriter(fd) { event.set() }
        defer { removeWriter(fd) }
        try await event.wait()
    }
}
