internal import LinuxSystem
internal import Logging
internal import Reactor
internal import SystemPackage
internal import SystemTypes

/// A log loop, with a thread of its own.
final class LogShard: Sendable {
    let loop: EventLoop
    let streams: Confined<LogStreams>
    private let hasEnded: Monitor<Bool>

    /// - Parameters:
    ///   - name: Of the thread; at most 15 bytes.
    ///   - loop: Its own.
    ///   - root: See ``LogSurroundings/root``.
    ///   - report: Writes a line of the daemon.
    init(
        name: String,
        loop: EventLoop,
        root: String?,
        compressors: ThreadPool,
        report: @escaping @Sendable (Logger.Level, String) -> Void
    ) throws(Errno) {
        let hasEnded = Monitor(false)
        let surroundings = LogSurroundings(
            loop: loop,
            root: root,
            compressors: compressors,
            report: report
        )
        streams = Confined(LogStreams(surroundings), to: loop)
        (self.loop, self.hasEnded) = (loop, hasEnded)
        try Thread(name: name) {
            loop.run()
            hasEnded.withLock { $0 = true }
            hasEnded.broadcast()
        }.detach()
    }

    func post(_ body: @escaping @Sendable (LogStreams) -> Void) {
        loop.post { [streams] in body(streams.value) }
    }

    /// Has it write out what has arrived, and end.
    ///
    /// - Parameter last: Called on its thread, when nothing is left to be done.
    func close(_ last: @escaping @Sendable () -> Void = {}) {
        post { [loop] streams in
            streams.close {
                last()
                loop.stop()
            }
        }
    }

    /// Waits for its end; a disk that is stuck may never let it come.
    func waitForEnd(until deadline: Instant) {
        _ = hasEnded.wait(until: deadline) { $0 ? () : nil }
    }
}
