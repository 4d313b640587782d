internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage

/// The way from the supervision loop to the log loop, on whose thread all pipes and files live.
///
/// Everything here returns at once: a disk that is stuck holds up logs, not supervision. Requests
/// are carried out in the order in which they are made.
final class LogLoop: Sendable {
    private let loop: EventLoop
    private let streams: Confined<LogStreams>

    /// - Parameter format: How the console looks.
    init(format: LogFormat) throws(Errno) {
        loop = try EventLoop()
        streams = Confined(LogStreams(loop: loop, format: format), to: loop)
    }

    /// Runs the loop on the calling thread until ``close(then:)``.
    func run() {
        loop.run()
    }

    /// - Parameter descriptor: The reading end of a pipe, which it takes over.
    func open(
        _ id: StreamID,
        reading descriptor: consuming OwnedFD,
        into sink: Sink,
        counters: StreamCounters
    ) {
        let raw = descriptor.release()
        post { $0.open(id, reading: OwnedFD(adopting: raw), into: sink, counters: counters) }
    }

    /// Moves on what those streams hold at this moment, then calls back on the log loop's thread.
    func drain(_ ids: [StreamID], then done: @escaping @Sendable () -> Void) {
        post { streams in
            for id in ids { streams.drain(id) }
            done()
        }
    }

    /// The last lines or bytes of a stream; called back on the log loop's thread.
    func tail(
        _ id: StreamID,
        _ amount: TailAmount,
        then done: @escaping @Sendable ([UInt8]) -> Void
    ) {
        post { done($0.tail(id, amount)) }
    }

    /// As ``tail(_:_:then:)``, and from then on all that comes, without a gap between the two.
    ///
    /// - Parameter deliver: Called on the log loop's thread.
    func follow(
        _ id: StreamID,
        _ amount: TailAmount,
        as follower: FollowerID,
        deliver: @escaping @Sendable (FollowedChunk) -> Void
    ) {
        post { $0.follow(id, amount, Follower(follower, deliver: deliver)) }
    }

    /// Says that the follower has passed on that many bytes, and can take as many again.
    func acknowledge(_ count: Int, _ id: StreamID, by follower: FollowerID) {
        post { $0.acknowledge(count, id, by: follower) }
    }

    func unfollow(_ id: StreamID, _ follower: FollowerID) {
        post { $0.unfollow(id, follower) }
    }

    func clear(_ ids: [StreamID], then done: @escaping @Sendable () -> Void) {
        post { streams in
            for id in ids { streams.clear(id) }
            done()
        }
    }

    /// Closes each file and opens what is at its path now.
    func reopen() {
        post { $0.reopen() }
    }

    /// Writes a line of the daemon itself.
    func write(_ level: Logger.Level, _ message: String) {
        let now = WallTime.now
        post { $0.console.write(level, message, at: now) }
    }

    /// Writes out what has arrived and ends ``run()``.
    func close() {
        post { [loop] streams in
            streams.close()
            loop.stop()
        }
    }

    private func post(_ body: @escaping @Sendable (LogStreams) -> Void) {
        loop.post { [streams] in body(streams.value) }
    }
}
