internal import CLinux
internal import Glibc
public import SystemPackage

/// A file descriptor with one owner, closed when the owner goes away.
public struct OwnedFD: ~Copyable, Sendable {
    /// Lent to a call; never to be closed or kept.
    public let raw: CInt

    /// Takes over `raw`; from now on nobody else may close it.
    public init(adopting raw: CInt) {
        precondition(raw >= 0, "not a descriptor: \(raw)")
        self.raw = raw
    }

    /// Gives up ownership, so that it can go to another thread as a number.
    ///
    /// - Returns: What somebody has to adopt, once.
    public consuming func release() -> CInt {
        let raw = raw
        discard self
        return raw
    }

    deinit {
        // Once only: after EINTR the number is already free again, and a second close could hit a
        // descriptor that somebody else has just opened.
        _ = close(raw)
    }

    /// Another descriptor of the same open file, greater than 2 and close-on-exec.
    ///
    /// Source: fcntl(2), F_DUPFD_CLOEXEC.
    public static func duplicate(_ raw: CInt) throws(Errno) -> OwnedFD {
        OwnedFD(adopting: try syscall { fcntl(raw, F_DUPFD_CLOEXEC, 3) })
    }

    public func setNonBlocking(_ isOn: Bool) throws(Errno) {
        let raw = raw
        try syscall { clinux_set_nonblocking(raw, isOn ? 1 : 0) }
    }

    /// Reads once, at most what fits into `buffer`.
    ///
    /// - Returns: How many bytes came; 0 at the end; `nil` if there is nothing now.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int? {
        let raw = raw
        return try unlessItWouldBlock { () throws(Errno) in
            try syscall { Glibc.read(raw, buffer.baseAddress, buffer.count) }
        }
    }

    /// Writes once, at most all of `bytes`.
    ///
    /// - Returns: How many bytes went; `nil` if none can go now.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) -> Int? {
        let raw = raw
        return try unlessItWouldBlock { () throws(Errno) in
            try syscall { Glibc.write(raw, bytes.baseAddress, bytes.count) }
        }
    }
}

/// `nil` in place of EAGAIN.
func unlessItWouldBlock<Result: ~Copyable>(_ call: () throws(Errno) -> Result) throws(Errno)
    -> Result?
{
    do {
        return try call()
    } catch .wouldBlock {
        return nil
    }
}
