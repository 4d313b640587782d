internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import Synchronization
internal import SystemPackage

/// What takes the bytes of a stream.
protocol LogOutput: AnyObject {
    /// - Returns: How many bytes it took; fewer than all if it can take no more for now.
    func append(_ bytes: RawSpan) -> Int
    /// Calls back once it may take more.
    func whenReady(_ body: @escaping () -> Void)
    /// All that a run wrote has been appended.
    func endOfRun()
    /// What it holds from earlier, as a file to read; `nil` if it keeps nothing.
    var path: String? { get }
    func clear()
}

/// One output of one instance, over all its runs.
///
/// The pipe is the same for every run, and the daemon holds its writing end as well: a program
/// that ends leaves no end of file, only bytes, and the next run's follow them in order. When the
/// output takes no more, nothing more is read: the bytes wait in the pipe, and the program with
/// them.
final class LogStream: TransportDelegate {
    private let transport: Transport
    private let output: any LogOutput
    private let counters: StreamCounters
    private var ring = LogRing()
    /// Read, and not yet taken by the output.
    private var pending: [UInt8] = []
    private var isClosing = false
    var followers: [FollowerID: Follower] = [:]
    /// Ends with the line it waits for, or with the run.
    var watch: LineWatch?

    init(
        _ descriptor: consuming OwnedFD,
        output: any LogOutput,
        counters: StreamCounters,
        loop: EventLoop
    ) throws(Errno) {
        transport = try Transport(descriptor, kind: .readPipe, loop: loop)
        self.output = output
        self.counters = counters
        transport.delegate = self
    }

    // MARK: - From the pipe

    func transport(_ transport: Transport, received bytes: RawSpan) {
        counters.bytes.add(bytes.byteCount, ordering: .relaxed)
        ring.append(bytes)
        for follower in followers.values { follower.offer(bytes) }
        if watch?.read(bytes) == true { watch = nil }
        let taken = output.append(bytes)
        guard taken < bytes.byteCount else { return }
        bytes.extracting(taken...).withUnsafeBytes { pending.append(contentsOf: $0) }
        transport.pauseReading()
        waitForOutput()
    }

    private func waitForOutput() {
        // Holds on to the stream, which may be closed meanwhile.
        output.whenReady { [self] in
            pending.removeFirst(output.append(pending.span.bytes))
            guard pending.isEmpty else { return waitForOutput() }
            transport.resumeReading()
            if isClosing { close() }
        }
    }

    /// Moves on all that a run, which has ended, wrote.
    func drain() {
        transport.drain()
        watch = nil
        output.endOfRun()
    }

    /// Moves on what is left, however long that takes, and reads no more.
    func close() {
        isClosing = true
        drain()
        if pending.isEmpty { transport.abort() }
    }

    // MARK: - For readers

    func tail(_ amount: TailAmount) -> [UInt8] {
        if let path = output.path, let bytes = try? amount.read(path) { return bytes }
        return amount.cut(ring.bytes)
    }

    func follow(_ amount: TailAmount, _ follower: Follower) {
        followers[follower.id] = follower
        follower.begin(with: tail(amount))
    }

    func clear() {
        ring.removeAll()
        output.clear()
    }
}
