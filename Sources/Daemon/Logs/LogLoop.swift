internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import Synchronization
internal import SystemPackage
internal import SystemTypes
internal import Systemd

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
    /// How long the last lines of a daemon wait for a terminal.
    private static let patienceWithConsole = Duration.seconds(1)
    /// Who reads logs may have to wait for a disk, and others shall not have to wait for them.
    private static let readersMax = 4

    private enum Key: Hashable {
        case console
        /// What may drop its output.
        case intake
        case journal
        case disk(device: String)

        var isDisk: Bool { if case .disk = self { true } else { false } }

        /// Of its thread.
        var name: String {
            switch self {
            case .console: "keepd-logs"
            case .intake: "keepd-intake"
            case .journal: "keepd-journal"
            case .disk: "keepd-disk"
            }
        }
    }

    /// Whether the journal is where the daemon's own output goes.
    ///
    /// Source: systemd.exec(5), `JOURNAL_STREAM`.
    let isUnderJournal = Files.isJournal(2)

    private struct State {
        var shards: [Key: LogShard] = [:]
        /// Where each stream is read.
        var places: [StreamID: LogShard] = [:]
        /// Once is enough.
        var hasToldOfJournal = false
    }

    /// Where answers go.
    let home: EventLoop
    private let console: Confined<Console>
    private let root: String?
    /// Keeps what streams cannot get rid of; `nil` if nobody does.
    private let store: Confined<any DescriptorStore>?
    /// Writes a line of the daemon, which may be about an instance.
    private let tell: @Sendable (Logger.Level, String, InstanceID?) -> Void
    private let report: @Sendable (Logger.Level, String) -> Void
    private let compressors = ThreadPool(threadsMax: 1)
    let readers = ThreadPool(threadsMax: LogLoop.readersMax)
    private let consoleShard: LogShard
    private let state: Mutex<State>

    /// - Parameters:
    ///   - format: How the console looks.
    ///   - root: Where relative log files lie, out of which no symbolic link may lead.
    ///   - store: Keeps what streams have read and cannot get rid of; belongs to `home`.
    init(
        home: EventLoop,
        format: LogFormat,
        root: String?,
        store: (any DescriptorStore)?
    ) throws(Errno) {
        self.home = home
        self.root = root
        self.store = store.map { Confined($0, to: home) }
        let loop = try EventLoop()
        let console = Confined(Console(loop: loop, format: format), to: loop)
        self.console = console
        let journal = format.style == .journal ? try EventLoop() : nil
        let tell: @Sendable (Logger.Level, String, InstanceID?) -> Void = { level, message, id in
            if let journal {
                journal.post { JournalEntry(level, message, about: id).send() }
            } else {
                let now = WallTime.now
                loop.post { console.value.write(level, message, at: now) }
            }
        }
        self.tell = tell
        report = { tell($0, $1, nil) }
        consoleShard = try LogShard(
            name: Key.console.name,
            loop: loop,
            root: root,
            compressors: compressors,
            report: report
        )
        var shards = [Key.console: consoleShard]
        if let journal {
            shards[.journal] = try LogShard(
                name: Key.journal.name,
                loop: journal,
                root: root,
                compressors: compressors,
                report: report
            )
        }
        state = Mutex(State(shards: shards))
    }

    // MARK: - Streams

    /// - Parameters:
    ///   - descriptor: The reading end of a pipe, which it takes over.
    ///   - memory: Of the same stream, when another daemon had it.
    func open(
        _ id: StreamID,
        reading descriptor: consuming OwnedFD,
        into sink: Sink,
        counters: StreamCounters,
        memory: StreamMemory? = nil
    ) throws(Errno) {
        let policy = sink.policy
        let (shard, target) = try way(to: sink, counters)
        let journal = try sink.journal.flatMap { (name) throws(Errno) in
            try wayToJournal(name, from: shard, policy, counters)
        }
        state.withLock { $0.places[id] = shard }
        let raw = descriptor.release()
        let keep = keeper(of: id)
        shard.post { streams in
            let outputs = [target?(streams), journal?(streams)].compactMap(\.self)
            streams.open(
                id,
                reading: OwnedFD(adopting: raw),
                into: outputs.dropFirst().reduce(outputs[0]) { LogTee($0, $1) },
                policy: policy,
                counters: counters,
                backlog: Backlog(keep: keep)
            )
            if let memory { streams[id]?.recall(memory) }
        }
    }

    private func keeper(of id: StreamID) -> (@Sendable (CInt) -> Void)? {
        guard let store else { return nil }
        return { [home] raw in
            home.post {
                let file = OwnedFD(adopting: raw)
                store.value.keep(file.raw, as: .backlog(id))
            }
        }
    }

    /// Makes an output, on the loop on which it is used.
    private typealias Maker = @Sendable (LogStreams) -> any LogOutput

    /// Where a stream is read, and what it goes into there; `nil` for nothing but the journal.
    private func way(
        to sink: Sink,
        _ counters: StreamCounters
    ) throws(Errno) -> (LogShard, Maker?) {
        let policy = sink.policy
        switch sink.target {
        case .console(let name):
            return (consoleShard, { [console] _ in ConsoleOutput(console.value, name: name) })
        case .journal:
            return (try shard(.intake), nil)
        case .file(let path):
            let disk = try shard(.disk(device: MountTable().device(of: path)))
            let make: Maker = { $0.file(at: path, policy, counters) }
            guard policy.onFull == .drop else { return (disk, make) }
            let intake = try shard(.intake)
            return (
                intake,
                { _ in LogRelay(from: intake.loop, to: disk, policy, counters, output: make) }
            )
        }
    }

    private func wayToJournal(
        _ name: JournalName,
        from home: LogShard,
        _ policy: LogPolicy,
        _ counters: StreamCounters
    ) throws(Errno) -> Maker? {
        if !Files.isSocket(JournalOutput.socketPath) { tellOfMissingJournal() }
        let shard = try shard(.journal)
        let make: Maker = { _ in JournalOutput(name, policy, counters) }
        return { _ in
            LogRelay(
                from: home.loop,
                to: shard,
                policy,
                counters,
                output: make
            )
        }
    }

    private func tellOfMissingJournal() {
        let isFirst = state.withLock { state in
            defer { state.hasToldOfJournal = true }
            return !state.hasToldOfJournal
        }
        guard isFirst else { return }
        report(
            .warning,
            "no journal at \(JournalOutput.socketPath): what shall go there is lost"
        )
    }

    private func shard(_ key: Key) throws(Errno) -> LogShard {
        try state.withLock { state throws(Errno) in
            if let shard = state.shards[key] { return shard }
            let shard = try LogShard(
                name: key.name,
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
                stream?.watch(for: pattern) { home.post { found.value() } }
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

    // MARK: - The daemon's own

    /// Writes a line of the daemon itself.
    ///
    /// - Parameter id: What it is about, if that is one instance.
    func write(_ level: Logger.Level, _ message: String, about id: InstanceID?) {
        tell(level, message, id)
    }

    /// Waits until the daemon's own lines are written; not for ever, for a terminal may be held up.
    func flush() {
        let isFlushed = Monitor(false)
        consoleShard.post { [console] _ in
            console.value.flush()
            isFlushed.withLock { $0 = true }
            isFlushed.broadcast()
        }
        _ = isFlushed.wait(until: .now + LogLoop.patienceWithConsole) { $0 ? () : nil }
    }

    /// Writes out what has arrived and ends; does not wait for ever for a disk that is stuck.
    func close() {
        let deadline = Instant.now + LogLoop.patience
        let others = state.withLock { state in
            state.shards.filter { $0.key != .console }
        }
        // What goes through the intake ends in the disks, and what goes through those in the journal.
        let stages = [others.filter { $0.key == .intake }, others.filter { $0.key.isDisk }]
        for stage in stages + [others.filter { $0.key == .journal }] {
            for shard in stage.values { shard.close() }
            for shard in stage.values { shard.waitForEnd(until: deadline) }
        }
        consoleShard.close { [console] in console.value.flush() }
        consoleShard.waitForEnd(until: deadline)
    }

    func post(
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
