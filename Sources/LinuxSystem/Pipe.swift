internal import CLinux
public import SystemPackage

/// Two descriptors, of which one reads what is written into the other.
///
/// Source: pipe(7).
public struct Pipe: ~Copyable, Sendable {
    public let reading: OwnedFD
    public let writing: OwnedFD

    /// Both ends are close-on-exec, and block.
    public init() throws(Errno) {
        var ends: (CInt, CInt) = (-1, -1)
        try syscall {
            withUnsafeMutableBytes(of: &ends) {
                clinux_pipe($0.bindMemory(to: CInt.self).baseAddress)
            }
        }
        reading = OwnedFD(adopting: ends.0)
        writing = OwnedFD(adopting: ends.1)
    }

    /// Gives each end to an owner of its own.
    public consuming func split<Result, Failure: Error>(
        _ body: (
            _ reading: consuming OwnedFD, _ writing: consuming OwnedFD
        ) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(reading, writing)
    }
}

extension OwnedFD {
    /// Has the pipe hold up to `bytes` before it is full, where the system allows it.
    ///
    /// More than 1 MiB, or than the user's pipes may hold together, is refused to all but root; then
    /// it stays as it is, and works all the same.
    ///
    /// - Returns: How much it holds now; `nil` if it was refused.
    ///
    /// Source: fcntl(2), F_SETPIPE_SZ; pipe(7), `pipe-user-pages-soft`.
    @discardableResult
    public func widenPipe(to bytes: Int) -> Int? {
        let size = clinux_set_pipe_size(raw, CInt(bytes))
        return size < 0 ? nil : Int(size)
    }

    /// How many bytes wait to be read.
    ///
    /// Source: `ioctl_pipe(2)`, FIONREAD.
    public var bytesWaiting: Int {
        get throws(Errno) {
            let raw = raw
            var count: CInt = 0
            try syscall { clinux_bytes_waiting(raw, &count) }
            return Int(count)
        }
    }
}
