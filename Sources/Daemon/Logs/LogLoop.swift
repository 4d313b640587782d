internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// The way from the supervision loop to the log loop, on whose thread all pipes and files live.
///
/// Everything here returns at once: a disk that is stuck holds up logs, not supervision. Requests
/// are carried out in the order in which they are made, and answered on the supervision loop.
final class LogLoop: Sendable {
    private let loop: EventLoop
    private let streams: Confined<LogStreams>
    /// Where answers go.
    private let home: EventLoop

    /// - Parameter format: How the console looks.
    init(home: EventLoop, format: LogFormat) throws(Errno) {
        self.home = home
        loop = try EventLoop()
        streams = Confined(LogStreams(loop: loop, format: format), to: loop)
    }

    /// Runs the loop on the calling thread until ``close()``.
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

    /// Moves on what those streams hold at this moment.
    func drain(_ ids: [StreamID], then done: @escaping () -> Void) {
        ask({ streams in for id in ids { streams.drain(id) } }, then: done)
    }

    /// Waits for a line in which `pattern` is found, in any of the streams of a run.
    ///
    /// Asked before the run begins to print; ends with its first such line or with it.
    ///
    /// - Parameter found: Called once for each of the streams at most.
    func watch(_ ids: [StreamID], for pattern: String, then found: @escaping () -> Void) {
        let found = Confined(found, to: home)
        post { [home] streams in
            for id in ids {
                streams.watch(
                    id,
                    LineWatch(pattern: pattern) { home.post { found.value() } }
                )
            }
        }
    }

    /// The last lines or bytes of a stream.
    func tail(_ id: StreamID, _ amount: TailAmount, then done: @escaping ([UInt8]) -> Void) {
        ask({ $0.tail(id, amount) }, then: done)
    }

    /// The last lines or bytes of a stream, and all that comes from then on.
    ///
    /// There is no gap between the two, and of the first there is at least one chunk.
    func follow(
        _ id: StreamID,
        _ amount: TailAmount,
        as follower: FollowerID,
        deliver: @escaping (FollowedChunk) -> Void
    ) {
        let deliver = Confined(deliver, to: home)
        post { [home] streams in
            let follower = Follower(follower) { chunk in
                home.post { deliver.value(chunk) }
            }
            streams.follow(id, amount, follower)
        }
    }

    /// Says that the follower has passed on that many bytes, and can take as many again.
    func acknowledge(_ count: Int, _ id: StreamID, by follower: FollowerID) {
        post { $0.acknowledge(count, id, by: follower) }
    }

    func unfollow(_ id: StreamID, _ follower: FollowerID) {
        post { $0.unfollow(id, follower) }
    }

    func clear(_ ids: [StreamID], then done: @escaping () -> Void) {
        ask({ streams in for id in ids { streams.clear(id) } }, then: done)
    }

    /// Lets go of streams into which nobody will write any more.
    func forget(_ ids: [StreamID]) {
        post { streams in for id in ids { streams.forget(id) } }
    }

    /// Closes each file and opens what is at its path now.
    func reopen(then done: @escaping () -> Void) {
        ask({ $0.reopen() }, then: done)
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

    private func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (LogStreams) -> Answer,
        then done: @escaping (Answer) -> Void
    ) {
        let done = Confined(done, to: home)
        post { [home] streams in
            let answer = question(streams)
            home.post { done.value(answer) }
        }
    }
}
