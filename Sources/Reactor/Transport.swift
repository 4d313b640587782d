public import LinuxSystem
public import SystemPackage

/// Moves bytes through a pipe or a socket, without ever waiting.
///
/// Reads at most a budget for each time it is ready, so that one that is flooded does not hold up
/// the others. Writes at once what the kernel takes and keeps the rest, and tells when that grows
/// beyond a mark: whoever writes on and on is to pause then.
public final class Transport {
    /// Which way the bytes go.
    public enum Kind: Sendable {
        /// The reading end of a pipe.
        case readPipe
        /// The writing end of a pipe.
        case writePipe
        /// A connected one, which reads and writes.
        case socket

        var reads: Bool { self != .writePipe }
    }

    /// How many bytes one turn may read: asyncio's.
    static let readBudget = 262_144

    /// Whom it tells; not kept by it.
    public weak var delegate: (any TransportDelegate)?
    /// Whoever keeps it is told when it is over, after the delegate.
    var onClosed: (() -> Void)?
    /// Which way its bytes go.
    public let kind: Kind
    /// `nil` once it is over: the other side is not to wait for us to be forgotten.
    private var fd: OwnedFD?
    private let loop: EventLoop
    private var registration: Registration?
    /// Whether it reads what comes: not while that is paused, nor after the end or ``close()``.
    public private(set) var isReading: Bool
    private var bytesRead = 0
    private var outbox = Outbox()
    /// Whether nothing more is taken to be written; what is buffered still goes.
    private var isFinishing = false
    /// Whether the other side has been told that no more comes.
    private var isFinished = false
    private var hasReachedEnd = false
    /// Whether it closes once all is sent, or has.
    public private(set) var isClosing = false

    /// Takes over `fd`, makes it non-blocking and begins to read where it can.
    public init(_ fd: consuming OwnedFD, kind: Kind, loop: EventLoop) throws(Errno) {
        try fd.setNonBlocking(true)
        let raw = fd.raw
        self.fd = consume fd
        self.kind = kind
        self.loop = loop
        isReading = kind.reads
        registration = try loop.register(raw, for: isReading ? .read : .error) {
            [weak self] in self?.isReady($0)
        }
        loop.callSoon { [weak self] in
            guard let self else { return }
            delegate?.transportConnected(self)
        }
    }

    deinit {
        registration?.cancel()
    }

    // MARK: - Reading

    /// Reads no more for now; whoever writes is held up once the pipe is full.
    public func pauseReading() {
        isReading = false
        updateInterest()
    }

    /// Reads again where it can; after the end, or ``close()``, it has no effect.
    public func resumeReading() {
        isReading = kind.reads && !isClosing && !hasReachedEnd
        updateInterest()
    }

    /// Reads all that is there at this moment and hands it to the delegate.
    ///
    /// Ends even if somebody goes on writing: what comes later is not waited for. Nothing happens
    /// while reading is paused.
    package func drain() {
        guard var remaining = try? fd?.bytesWaiting else { return }
        while remaining > 0, isReading {
            let before = bytesRead
            guard readOnce(as: .readOfKnown) || bytesRead > before else { return }
            remaining -= bytesRead - before
        }
    }

    private func readWithBudget() {
        var budget = Transport.readBudget
        while budget > 0, isReading, readOnce() { budget -= ReadBuffer.size }
    }

    /// - Returns: Whether there may be more.
    private func readOnce(as transfer: Transfer = .read) -> Bool {
        do {
            return try loop.readBuffer.lend { (buffer) throws(Errno) in
                try readOnce(into: buffer, as: transfer)
            }
        } catch {
            abort(error)
            return false
        }
    }

    private func readOnce(
        into buffer: UnsafeMutableRawBufferPointer,
        as transfer: Transfer
    ) throws(Errno) -> Bool {
        guard let count = try fd?.read(into: buffer, on: loop, as: transfer) ?? nil else {
            return false
        }
        guard count > 0 else {
            reachEnd()
            return false
        }
        bytesRead += count
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        delegate?.transport(self, received: bytes.bytes)
        // A read that leaves room has emptied the pipe: the next would only say so.
        return count == buffer.count
    }

    private func reachEnd() {
        hasReachedEnd = true
        pauseReading()
        let staysOpen = delegate?.transportReachedEnd(self) ?? false
        if kind != .socket || !staysOpen || isFinished { close() }
    }

    // MARK: - Writing

    /// Bytes that were written and not yet taken by the kernel.
    public var bufferedByteCount: Int { outbox.count }

    /// Those bytes, for whoever goes on with what ``descriptor`` stands for.
    public var bufferedBytes: [UInt8] {
        outbox.withWaiting { bytes in bytes.withUnsafeBytes { Array($0) } }
    }

    /// Lent, for a process that executes another program; `nil` once it is over.
    public var descriptor: CInt? {
        switch fd {
        case .some(let fd): fd.raw
        case nil: nil
        }
    }

    /// Who was at the other end of a socket when it was connected; `nil` for a pipe, and once it is
    /// over.
    public var peer: UnixSocket.Peer? {
        switch fd {
        case .some(let fd): try? UnixSocket.peer(of: fd)
        case nil: nil
        }
    }

    /// More buffered bytes than `high` fill it, and no more than `low` drain it again.
    public var writeBufferLimits: (high: Int, low: Int) { (outbox.high, outbox.low) }

    /// Sets the water marks; 64 KiB and 16 KiB to begin with.
    ///
    /// Of one that is `nil` the other decides: `low` is a quarter of `high`. Set to 0 both, it is
    /// filled whenever anything is buffered. What is buffered already counts at once.
    ///
    /// - Precondition: `high >= low >= 0`.
    public func setWriteBufferLimits(high: Int? = nil, low: Int? = nil) {
        let high = high ?? low.map { 4 * $0 } ?? 65_536
        outbox.setLimits(high: high, low: low ?? high / 4)
        tellCrossing()
    }

    /// Sends, now or later; after ``finishWriting()`` and ``close()`` it has no effect.
    public func write(_ bytes: RawSpan) {
        guard acceptsWrites else { return }
        var rest = bytes
        do {
            while outbox.isEmpty, !rest.isEmpty, let count = try send(rest) {
                rest = rest.extracting(count...)
            }
        } catch {
            return abort(error)
        }
        guard !rest.isEmpty else { return }
        outbox.append(rest)
        updateInterest()
        tellCrossing()
    }

    /// Sends, now or later, as ``write(_:)-(RawSpan)`` does.
    public func write(_ bytes: some Sequence<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { write($0.span.bytes) }
        if isDone == nil { write(Array(bytes).span.bytes) }
    }

    /// Sends the pieces one after the other, now or later, as ``write(_:)-(RawSpan)`` does.
    ///
    /// Where nothing waits before them they are handed to the kernel together, uncopied.
    public func write(contentsOf pieces: [[UInt8]]) {
        guard acceptsWrites else { return }
        var rest = Pieces(pieces)
        do {
            while outbox.isEmpty, !rest.isEmpty, let count = try send(rest) {
                rest.removeFirst(count)
            }
        } catch {
            return abort(error)
        }
        guard !rest.isEmpty else { return }
        rest.forEach { outbox.append(contentsOf: $0) }
        updateInterest()
        tellCrossing()
    }

    /// Says to the other side that no more comes, once what is buffered is sent.
    ///
    /// Of a socket this is half of the end: reading goes on. A pipe closes. After ``close()`` it has
    /// no effect.
    public func finishWriting() {
        guard acceptsWrites else { return }
        guard kind == .socket else { return close() }
        isFinishing = true
        finishIfSent()
    }

    /// Whether the other side can be told by ``finishWriting()`` that no more comes.
    public var canFinishWriting: Bool { kind != .readPipe }

    private var acceptsWrites: Bool { canFinishWriting && !isFinishing && !isClosing }

    private func flush() {
        do {
            while !outbox.isEmpty,
                let count = try outbox.withWaiting({ (bytes) throws(Errno) in try send(bytes) })
            {
                outbox.remove(count)
            }
        } catch {
            return abort(error)
        }
        updateInterest()
        tellCrossing()
        finishIfSent()
    }

    private func send(_ bytes: RawSpan) throws(Errno) -> Int? {
        try bytes.withUnsafeBytes { bytes throws(Errno) -> Int? in
            (kind == .socket ? try fd?.send(bytes, on: loop) : try fd?.write(bytes, on: loop))
                ?? nil
        }
    }

    private func send(_ pieces: borrowing Pieces) throws(Errno) -> Int? {
        try pieces.withBuffers { (buffers) throws(Errno) -> Int? in
            (kind == .socket ? try fd?.send(buffers, on: loop) : try fd?.write(buffers, on: loop))
                ?? nil
        }
    }

    private func tellCrossing() {
        switch outbox.takeCrossing() {
        case .filled: delegate?.transportFilled(self)
        case .drained: delegate?.transportDrained(self)
        case nil: return
        }
    }

    /// What had to wait for the outbox to be empty.
    private func finishIfSent() {
        guard outbox.isEmpty, registration != nil else { return }
        if isClosing { return finish(nil) }
        guard isFinishing, !isFinished else { return }
        isFinished = true
        do {
            try fd?.finishSending()
        } catch {
            // The other side is gone; reading says the same.
        }
        if hasReachedEnd { close() }
    }

    // MARK: - The end

    /// Stops reading, sends what is buffered, then closes.
    public func close() {
        guard !isClosing else { return }
        isClosing = true
        isReading = false
        updateInterest()
        finishIfSent()
    }

    /// Closes at once; what is buffered is lost.
    public func abort(_ error: Errno? = nil) {
        isClosing = true
        isReading = false
        outbox.removeAll()
        finish(error)
    }

    private func finish(_ error: Errno?) {
        guard let registration else { return }
        registration.cancel()
        self.registration = nil
        fd = nil
        guard !loop.isClosed else { return }
        loop.callSoon {
            self.delegate?.transportClosed(self, error)
            self.onClosed?()
        }
    }

    private func isReady(_ readiness: Epoll.Readiness) {
        if isReading, !readiness.isDisjoint(with: [.read, .hangUp, .error]) { readWithBudget() }
        guard registration != nil else { return }
        if !outbox.isEmpty, !readiness.isDisjoint(with: [.write, .hangUp, .error]) {
            flush()
        }
        guard kind == .writePipe, registration != nil else { return }
        // Nobody can read it any more: of a pipe that is an error, of a socket or a terminal the end.
        if !readiness.isDisjoint(with: [.error, .hangUp]) {
            abort(outbox.isEmpty ? nil : .brokenPipe)
        }
    }

    private func updateInterest() {
        // A pipe that nobody can read any more says so by itself, if it is watched at all.
        var interest: Epoll.Readiness = isReading ? .read : kind == .writePipe ? .error : []
        if !outbox.isEmpty { interest.insert(.write) }
        registration?.watch(for: interest)
    }
}
