internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemPackage

/// The reading end of the pipe of a stream.
///
/// Reads whatever has come, at a pace that suits it, until it is held. What is read is handed on at
/// once, out of a buffer that all pipes of the loop share.
final class LogPipe {
    /// How many bytes one turn may read, so that one pipe that is flooded does not hold up others.
    private static let budget = LogSurroundings.bufferSize
    private static let usualCapacity = 65_536

    private let fd: OwnedFD
    private let isTerminal: Bool
    private let surroundings: LogSurroundings
    private var registration: Registration?
    private var pace = DrainPace(
        capacity: usualCapacity,
        capacityMax: LogSurroundings.bufferSize
    )
    private var rest: TimerHandle?
    /// Since it was last empty.
    private var readSinceEmpty = 0
    private var isClosed = false
    /// Whether nothing is to be read, for there is no room for it.
    private(set) var isHeld = false
    /// Whether nothing is to be read, for somebody else may go on with it.
    private var isFrozen = false
    private(set) var bytesRead = 0
    /// Gets what has been read; set once.
    var onBytes: ((RawSpan) -> Void)?

    init(_ fd: consuming OwnedFD, _ surroundings: LogSurroundings) throws(Errno) {
        try fd.setNonBlocking(true)
        let raw = fd.raw
        isTerminal = Files.isTerminal(raw)
        self.fd = fd
        self.surroundings = surroundings
        registration = try surroundings.loop.register(raw, for: .read) { [weak self] _ in
            self?.read()
        }
    }

    /// How many bytes wait to be read.
    var bytesWaiting: Int { (try? fd.bytesWaiting) ?? 0 }

    /// Lent.
    var descriptor: CInt { fd.raw }

    func hold() {
        isHeld = true
        watch()
    }

    func release() {
        isHeld = false
        watch()
    }

    func freeze() {
        isFrozen = true
        watch()
    }

    func thaw() {
        isFrozen = false
        watch()
    }

    private var isStill: Bool { isHeld || isFrozen }

    private func watch() {
        guard !isStill else {
            endRest()
            registration?.watch(for: [])
            return
        }
        registration?.watch(for: .read)
    }

    /// Reads at once what is there, though no more than `count` bytes and what comes with them.
    func read(_ count: Int) {
        let goal = bytesRead + count
        while bytesRead < goal, !isStill, readOnce() > 0 {}
        guard isTerminal else { return }
        // What has been written to a terminal may be on its way yet, until a read finds nothing
        // (n_tty_read); more than this it does not hold.
        let end = bytesRead + LogPipe.usualCapacity
        while bytesRead < end, !isStill, readOnce() > 0 {}
    }

    func close() {
        isClosed = true
        hold()
        registration?.cancel()
        registration = nil
    }

    // MARK: - At its pace

    private func read() {
        endRest()
        let start = bytesRead
        while bytesRead - start < LogPipe.budget, !isStill {
            let count = readOnce()
            readSinceEmpty += count
            // A read that leaves room has emptied the pipe: the next would only say so.
            if count < pace.capacity { return emptied() }
        }
        watch()
    }

    private func emptied() {
        let step = pace.step(after: readSinceEmpty, at: surroundings.loop.now)
        readSinceEmpty = 0
        if let wanted = pace.capacityWanted { pace.widened(to: fd.widenPipe(to: wanted)) }
        guard case .rest(let duration) = step, !isStill else { return watch() }
        registration?.watch(for: [])
        rest = surroundings.loop.callLater(duration) { [weak self] in
            self?.rest = nil
            self?.read()
        }
    }

    private func endRest() {
        rest?.cancel()
        rest = nil
    }

    /// - Returns: How many bytes came.
    private func readOnce() -> Int {
        // An error other than that there is nothing cannot happen to a pipe of our own.
        guard !isClosed, let count = try? fd.read(into: surroundings.buffer), count > 0 else {
            return 0
        }
        bytesRead += count
        let bytes = UnsafeRawBufferPointer(surroundings.buffer)[..<count]
        onBytes?(UnsafeRawBufferPointer(rebasing: bytes).bytes)
        return count
    }
}
