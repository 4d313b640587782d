internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import Synchronization
internal import SystemPackage
internal import SystemTypes

/// The way from the supervision loop to the log loops, on whose threads all pipes and files live.
///
/// Everything here returns at once: a disk that is stuck holds up logs, not supervision. Each file
/// system has a loop of its own, so that one that is stuck holds up only what logs there; the
/// console has another, and so has what may drop its output, which is read whatever a disk does.
/// Requests for one stream are carried out in the order in which they are made, and answered on the
/// supervision loop.
final class LogLoop: Sendable {
    /// How long the end waits for disks.
    private static let patience = Duration.seconds(5)
    /// Who reads logs may have to wait for a disk, and others shall not have to wait for them.
    private static let readersMax = 4

    private enum Key: Hashable {
        case console
        /// What may drop its output.
        case intake
        case disk(device: String)
    }

    private struct State {
        var shards: [Key: LogShard] = [:]
        /// Where each stream is read.
        var places: [StreamID: LogShard] = [:]
    }

    /// Where answers go.
    private let home: EventLoop
    private let console: Confined<Console>
    private let root: String?
    private let report: @Sendable (Logger.Level, String) -> Void
    private let compressors = ThreadPool(threadsMax: 1)
    private let readers = ThreadPool(threadsMax: LogLoop.readersMax)
    private let consoleShard: LogShard
    private let state: Mutex<State>

    /// - Parameters:
    ///   - format: How the console looks.
    ///   - root: Where relative log files lie, out of which no symbolic link may lead.
    init(home: EventLoop, format: LogFormat, root: String?) throws(Errno) {
        self.home = home
        self.root = root
        let loop = try EventLoop()
        let console = Confined(Console(loop: loop, format: format), to: loop)
        self.console = console
        report = { level, message in
            let now = WallTime.now
            loop.post { console.value.write(level, message, at: now) }
        }
        consoleShard = try LogShard(
            name: "keepd-logs",
            loop: loop,
            root: root,
            compressors: compressors,
            report: report
        )
        state = Mutex(State(shards: [.console: consoleShard]))
    }

    // MARK: - Streams

    /// - Parameter descriptor: The reading end of a pipe, which it takes over.
    func open(
        _ id: StreamID,
        reading descriptor: consuming OwnedFD,
        into sink: Sink,
        counters: StreamCounters
    ) throws(Errno) {
        let policy = sink.policy
        let shard: LogShard
        let output: @Sendable (LogStreams) -> any LogOutput
        switch sink.target {
        case .console(let name):
            shard = consoleShard
            output = { [console] _ in ConsoleOutput(console.value, name: name) }
        case .file(let path):
            let disk = try self.shard(.disk(device: MountTable().device(of: path)))
            switch policy.onFull {
            case .block:
                shard = disk
                output = { $0.file(at: path, policy, counters) }
            case .drop:
                shard = try self.shard(.intake)
                output = { [shard] _ in
                    LogRelay(from: shard.loop, to: disk, policy, counters) {
                        $0.file(at: path, policy, counters)
                    }
                }
            }
        }
        state.withLock { $0.places[id] = shard }
        let raw = descriptor.release()
        shard.post {
            $0.open(
                id,
                reading: OwnedFD(adopting: raw),
                into: output($0),
                policy: policy,
                counters: counters
            )
        }
    }

    private func shard(_ key: Key) throws(Errno) -> LogShard {
        try state.withLock { state throws(Errno) in
            if let shard = state.shards[key] { return shard }
            let shard = try LogShard(
                name: key == .intake ? "keepd-intake" : "keepd-disk",
                loop: EventLoop(),
                root: root,
                compressors: compressors,
                report: report
            )
            state.shards[key] = shard
            return shard
        }
    }

    /// Moves on what those streams hold at this moment.
    func drain(_ ids: [StreamID], then done: @escaping () -> Void) {
        let countdown = Countdown(then: done)
        for id in ids {
            countdown.begin()
            ask(id, { $0?.drain(then: $1) ?? $1() }, then: countdown.end)
        }
        countdown.seal()
    }

    /// Waits for a line in which `pattern` is found, in any of the streams of a run.
    ///
    /// Asked before the run begins to print; ends with its first such line or with it.
    ///
    /// - Parameter found: Called once for each of the streams at most.
    func watch(_ ids: [StreamID], for pattern: String, then found: @escaping () -> Void) {
        let found = Confined(found, to: home)
        for id in ids {
            post(to: id) { [home] stream in
                stream?.watch = LineWatch(pattern: pattern) { home.post { found.value() } }
            }
        }
    }

    /// Has streams go by another policy.
    func adopt(_ policy: LogPolicy, _ id: StreamID) {
        post(to: id) { $0?.adopt(policy) }
    }

    /// Lets go of streams into which nobody will write any more.
    func forget(_ ids: [StreamID]) {
        for id in ids {
            let shard = state.withLock { $0.places.removeValue(forKey: id) }
            shard?.post { $0.forget(id) }
        }
    }

    func clear(_ ids: [StreamID], then done: @escaping () -> Void) {
        tell(ids, { $0.clear() }, then: done)
    }

    /// Begins a new file for each of those streams that have one.
    func rotate(_ ids: [StreamID], then done: @escaping () -> Void) {
        tell(ids, { $0.rotate() }, then: done)
    }

    private func tell(
        _ ids: [StreamID],
        _ order: @escaping @Sendable (LogStream) -> Void,
        then done: @escaping () -> Void
    ) {
        let countdown = Countdown(then: done)
        for id in ids {
            countdown.begin()
            let body: @Sendable (LogStream?, @escaping () -> Void) -> Void = { stream, done in
                stream.map(order)
                stream?.settle(then: done) ?? done()
            }
            ask(id, body, then: countdown.end)
        }
        countdown.seal()
    }

    /// Closes each file and opens what is at its path now.
    func reopen(then done: @escaping () -> Void) {
        let countdown = Countdown(then: done)
        for shard in state.withLock({ Array($0.shards.values) }) {
            countdown.begin()
            let done = Confined(countdown.end, to: home)
            shard.post { [home] streams in
                streams.reopen()
                home.post { done.value() }
            }
        }
        countdown.seal()
    }

    // MARK: - Readers

    /// The last lines or bytes of a stream, no more than `bytesMax`.
    func tail(
        _ id: StreamID,
        _ amount: LogAmount,
        bytesMax: Int,
        then done: @escaping ([UInt8]) -> Void
    ) {
        history(of: id) { [self] history in
            read(
                {
                    guard let history else { return [] }
                    try? history.seek(amount, bytesMax: bytesMax)
                    var bytes: [UInt8] = []
                    while let more = try? history.next(bytesMax), !more.isEmpty { bytes += more }
                    return bytes
                },
                then: done
            )
        }
    }

    /// What a stream holds at this moment; `nil` if there is no such stream.
    func history(of id: StreamID, then done: @escaping (LogHistory?) -> Void) {
        let done = Confined(done, to: home)
        post(to: id) { [home] stream in
            guard let stream else { return home.post { done.value(nil) } }
            stream.history { history in home.post { done.value(history) } }
        }
    }

    /// What a stream holds at this moment, and all that comes from then on.
    ///
    /// There is no gap between the two; the second may begin to come before the first is there.
    func follow(
        _ id: StreamID,
        as follower: FollowerID,
        begin: @escaping (LogHistory?) -> Void,
        deliver: @escaping (FollowedChunk) -> Void
    ) {
        let (begin, deliver) = (Confined(begin, to: home), Confined(deliver, to: home))
        post(to: id) { [home] stream in
            guard let stream else { return home.post { begin.value(nil) } }
            let follower = Follower(follower) { chunk in
                home.post { deliver.value(chunk) }
            }
            stream.follow(follower) { history in home.post { begin.value(history) } }
        }
    }

    /// Says that the follower has passed on that many bytes, and can take as many again.
    func acknowledge(_ count: Int, _ id: StreamID, by follower: FollowerID) {
        post(to: id) { $0?.acknowledge(count, by: follower) }
    }

    func unfollow(_ id: StreamID, _ follower: FollowerID) {
        post(to: id) { $0?.unfollow(follower) }
    }

    /// Reads a history, for which a disk may take its time.
    func read<Answer: Sendable>(
        _ body: @escaping @Sendable () -> Answer,
        then done: @escaping (Answer) -> Void
    ) {
        readers.call(body, from: home, then: done)
    }

    // MARK: - The daemon's own

    /// Writes a line of the daemon itself.
    func write(_ level: Logger.Level, _ message: String) {
        report(level, message)
    }

    /// Writes out what has arrived and ends; does not wait for ever for a disk that is stuck.
    func close() {
        let deadline = Instant.now + LogLoop.patience
        let others = state.withLock { state in
            state.shards.filter { $0.key != .console }
        }
        // What goes through the intake ends in the disks.
        others[.intake]?.close()
        others[.intake]?.waitForEnd(until: deadline)
        let disks = others.filter { $0.key != .intake }.values
        for disk in disks { disk.close() }
        for disk in disks { disk.waitForEnd(until: deadline) }
        consoleShard.close { [console] in console.value.flush() }
        consoleShard.waitForEnd(until: deadline)
    }

    private func post(
        to id: StreamID,
        _ body: @escaping @Sendable (LogStream?) -> Void
    ) {
        // What has no place has no stream either; any loop can say so.
        let shard = state.withLock { $0.places[id] } ?? consoleShard
        shard.post { body($0[id]) }
    }

    private func ask(
        _ id: StreamID,
        _ question: @escaping @Sendable (LogStream?, @escaping () -> Void) -> Void,
        then done: @escaping () -> Void
    ) {
        let done = Confined(done, to: home)
        post(to: id) { [home] stream in question(stream) { home.post { done.value() } } }
    }
}
