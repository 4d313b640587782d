internal import Logging
internal import Reactor
internal import Supervision

/// What all that lives on one log loop shares.
final class LogSurroundings {
    /// What one read takes at the most; as large as a pipe becomes.
    static let bufferSize = 1 << 20

    let loop: EventLoop
    /// Where relative log files lie, out of which no symbolic link may lead.
    let root: String?
    /// Compresses, one file at a time.
    let compressors: ThreadPool
    /// Writes a line of the daemon.
    let report: (Logger.Level, String) -> Void
    /// All pipes are read into it, one after the other.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 4_096)
    /// For lines with their stamps; empty in between.
    var stamped: [UInt8] = []
    var stamp = LineStamp()

    init(
        loop: EventLoop,
        root: String?,
        compressors: ThreadPool,
        report: @escaping (Logger.Level, String) -> Void
    ) {
        self.loop = loop
        self.root = root
        self.compressors = compressors
        self.report = report
    }

    deinit {
        buffer.deallocate()
    }
}
