internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// One output of one instance, over all its runs.
///
/// The pipe is the same for every run, and the daemon holds its writing end as well: a program
/// that ends leaves no end of file, only bytes, and the next run's follow them in order. When the
/// output takes no more, nothing more is read: the bytes wait in the pipe, and the program with
/// them.
final class LogStream {
    private let pipe: LogPipe
    private let output: any LogOutput
    private let counters: StreamCounters
    private let surroundings: LogSurroundings
    /// What a reader gets where the output keeps nothing, and when it was last written to.
    private var ring = LogRing()
    private var ringModified = WallTime.now
    /// What the program wrote last, and nobody else, wherever it went.
    private var words = LogRing(capacity: 4_096)
    /// `nil` where lines come without a stamp.
    private var stamper: LineStamper?
    private let backlog: Backlog
    /// The output calls when it may take more.
    private var isWaiting = false
    /// Who waits until so many bytes have been read and taken.
    private var drains: [(goal: Int, done: () -> Void)] = []
    private var followers: [FollowerID: Follower] = [:]
    /// Ends with the line it waits for, or with the run.
    private var watch: LineWatch?
    /// Of the line that was watched by the daemon before.
    private var watched: [UInt8] = []
    /// Nothing that it has in mind changes any more.
    private var isFrozen = false

    init(
        _ descriptor: consuming OwnedFD,
        output: any LogOutput,
        policy: LogPolicy,
        counters: StreamCounters,
        backlog: Backlog,
        _ surroundings: LogSurroundings
    ) throws(Errno) {
        pipe = try LogPipe(descriptor, surroundings)
        self.output = output
        self.counters = counters
        self.backlog = backlog
        self.surroundings = surroundings
        stamper = policy.timestamps ? LineStamper() : nil
        pipe.onBytes = { [unowned self] in received($0) }
    }

    // MARK: - From the pipe

    private func received(_ bytes: RawSpan) {
        counters.count(bytes)
        words.append(bytes)
        if watch?.read(bytes) == true { watch = nil }
        guard stamper != nil else { return pass(bytes) }
        surroundings.stamp.set(.now)
        stamper?.append(bytes, stamp: surroundings.stamp.bytes, to: &surroundings.stamped)
        passStamped()
    }

    private func passStamped() {
        // Taken out, so that it is nobody else's meanwhile, and neither copied nor made anew.
        var stamped: [UInt8] = []
        swap(&stamped, &surroundings.stamped)
        pass(stamped.span.bytes)
        stamped.removeAll(keepingCapacity: true)
        swap(&stamped, &surroundings.stamped)
    }

    private func pass(_ bytes: RawSpan) {
        if !output.keepsHistory {
            ring.append(bytes)
            ringModified = .now
        }
        for follower in followers.values { follower.offer(bytes) }
        guard backlog.isEmpty else { return backlog.append(bytes) }
        let taken = output.append(bytes)
        guard taken < bytes.byteCount else { return }
        stall(with: bytes.extracting(taken...))
        waitForOutput()
    }

    private func stall(with bytes: RawSpan) {
        backlog.append(bytes)
        pipe.hold()
        counters.stallBegan(at: surroundings.loop.now)
    }

    private func waitForOutput() {
        guard !isWaiting else { return }
        isWaiting = true
        // Holds on to the stream, which may be closed meanwhile.
        output.whenReady { [self] in
            isWaiting = false
            catchUp()
        }
    }

    private func catchUp() {
        guard !isFrozen, !backlog.isEmpty else { return }
        backlog.removeFirst(output.append(backlog.rest.span.bytes))
        guard backlog.isEmpty else { return waitForOutput() }
        counters.stallEnded(at: surroundings.loop.now)
        pipe.release()
        settle()
    }

    // MARK: - Its end, and that of a run

    /// Moves on all that a run, which has ended, wrote, and calls back when that is done.
    func drain(then done: @escaping () -> Void) {
        let waiting = pipe.bytesWaiting
        drains.append((pipe.bytesRead + waiting, done))
        pipe.read(waiting)
        settle()
    }

    private func settle() {
        while !isFrozen, let next = drains.first, backlog.isEmpty {
            guard pipe.bytesRead >= next.goal else {
                // The output takes bytes again.
                pipe.read(next.goal - pipe.bytesRead)
                if pipe.bytesRead < next.goal { return }
                continue
            }
            drains.removeFirst()
            endOfRun()
            output.settle(then: next.done)
        }
    }

    private func endOfRun() {
        (watch, watched) = (nil, [])
        if stamper != nil {
            stamper?.finish(to: &surroundings.stamped)
            passStamped()
        }
        ring.endLine()
        for follower in followers.values { follower.endRun() }
        output.endOfRun()
    }

    /// Moves on what is left, however long that takes, and reads no more.
    func close(then done: @escaping () -> Void = {}) {
        drain { [self] in
            pipe.close()
            output.leave(counters)
            done()
        }
    }

    /// Goes by a pattern until it is found; see ``LogLoop/watch(_:for:then:)``.
    func watch(for pattern: String, found: @escaping @Sendable () -> Void) {
        watch = LineWatch(pattern: pattern, rest: watched, found: found)
    }

    // MARK: - Another daemon

    /// Reads and writes no more, and tells what it has in mind once all that its output has taken is
    /// where it belongs.
    ///
    /// Who waits for what a run has written waits until it goes on.
    func freeze(then done: @escaping (FrozenStream) -> Void) {
        isFrozen = true
        pipe.freeze()
        output.settle { [self] in
            output.remember { [self] memory in
                let memory = StreamMemory(
                    ring: Blob(ring.bytes),
                    stamper: stamper,
                    watched: Blob(watch?.rest ?? []),
                    backlog: Blob(Array(backlog.rest)),
                    output: memory
                )
                done(FrozenStream(reading: pipe.descriptor, memory: memory))
            }
        }
    }

    func thaw() {
        isFrozen = false
        pipe.thaw()
        catchUp()
        settle()
    }

    /// Takes over what another one has had in mind, and stands still until those are there who follow.
    func recall(_ memory: StreamMemory) {
        isFrozen = true
        pipe.freeze()
        ring.append(memory.ring.bytes.span.bytes)
        if stamper != nil {
            // One that was killed has not told, but what it has written does.
            let backlog = memory.backlog.bytes.span.bytes
            let isWithinLine = backlog.isEmpty ? output.isWithinLine : backlog.endsWithinLine
            stamper = memory.stamper ?? LineStamper(isAtLineStart: !isWithinLine)
        }
        watched = memory.watched.bytes
        output.recall(memory.output)
        if !memory.backlog.bytes.isEmpty { stall(with: memory.backlog.bytes.span.bytes) }
    }

    // MARK: - For readers

    func history(then done: @escaping (LogHistory) -> Void) {
        let memory = LogHistory(memory: ring.bytes, modified: ringModified)
        output.history { done($0 ?? memory) }
    }

    /// The end of what the program wrote after that many bytes, as long as there is room for it.
    func lastWords(after count: Int) -> [UInt8] {
        words.bytes.suffix(max(0, counters.numbers.bytes - count))
    }

    /// Passes on all that comes from now on, and what is there up to now to `begin`.
    func follow(_ follower: Follower, begin: @escaping (LogHistory) -> Void) {
        followers[follower.id] = follower
        history(then: begin)
    }

    /// - Returns: How many bytes it has missed and does not know of.
    func unfollow(_ follower: FollowerID) -> Int {
        followers.removeValue(forKey: follower)?.missed ?? 0
    }

    func acknowledge(_ count: Int, by follower: FollowerID) {
        followers[follower]?.acknowledge(count)
    }

    // MARK: - Orders

    /// Calls back when the output has carried out what it was told.
    func settle(then done: @escaping () -> Void) {
        output.settle(then: done)
    }

    func clear() {
        ring.removeAll()
        words.removeAll()
        output.clear()
    }

    func rotate() {
        output.rotate()
    }

    func adopt(_ policy: LogPolicy) {
        if policy.timestamps != (stamper != nil) {
            stamper = policy.timestamps ? LineStamper() : nil
        }
        output.adopt(policy)
    }
}
