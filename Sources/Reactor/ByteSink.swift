public import LinuxSystem
public import SystemPackage

/// Takes bytes into a descriptor, and makes the task that writes wait while it is full.
///
/// To be used on the loop's thread, as any task that the loop has spawned is.
public final class ByteSink: @unchecked Sendable {
    private let loop: EventLoop
    private var fd: OwnedFD?
    private let readiness: ReadinessWait
    private var stamina = Stamina()
    private let end = AsyncEvent()

    /// Takes over `fd`, and makes it non-blocking.
    public init(_ fd: consuming OwnedFD, on loop: EventLoop) throws(Errno) {
        try fd.setNonBlocking(true)
        readiness = try ReadinessWait(fd.raw, for: .write, on: loop)
        self.fd = consume fd
        self.loop = loop
    }

    /// Writes all.
    ///
    /// - Throws: `Errno.brokenPipe` if nobody reads any more; `.badFileDescriptor` after
    ///   ``finish()``.
    public func write(_ bytes: [UInt8]) async throws {
        var sent = 0
        while sent < bytes.count {
            if let count = try writeOnce(bytes[sent...]) {
                sent += count
                if stamina.isSpent() { await loop.yield() }
            } else {
                stamina.rest()
                try await readiness.wait()
            }
        }
    }

    private func writeOnce(_ bytes: ArraySlice<UInt8>) throws -> Int? {
        precondition(loop.isOnLoopThread, "written on another thread than its loop's")
        guard fd != nil else { throw Errno.badFileDescriptor }
        return try bytes.withUnsafeBytes { bytes throws(Errno) -> Int? in
            try fd?.write(bytes, on: loop) ?? nil
        }
    }

    /// Writes all into a socket, along with descriptors, which stay the caller's.
    func write(_ bytes: [UInt8], passing descriptors: [CInt]) async throws {
        precondition(!bytes.isEmpty, "descriptors go with a byte")
        while true {
            guard fd != nil else { throw Errno.badFileDescriptor }
            let count = try bytes.withUnsafeBytes { bytes throws(Errno) -> Int? in
                try fd?.send(bytes, passing: descriptors, on: loop) ?? nil
            }
            if let count { return try await write(Array(bytes[count...])) }
            try await readiness.wait()
        }
    }

    /// Says that no more comes.
    public func finish() {
        guard fd != nil else { return }
        readiness.close()
        // Of a socket there may be another descriptor, to read from; a pipe refuses, and closes.
        try? fd?.finishSending()
        fd = nil
        end.set()
    }

    /// Suspends the task until ``finish()``, whoever calls that.
    ///
    /// - Throws: `CancellationError`.
    public func closed() async throws {
        try await end.wait()
    }
}
