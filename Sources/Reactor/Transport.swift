public import LinuxSystem
public import SystemPackage

/// Whom a transport tells what happens.
public protocol TransportDelegate: AnyObject {
    /// Bytes arrived; the span is valid during the call.
    func transport(_ transport: Transport, received bytes: RawSpan)
    /// The other side will send no more; nothing is read any longer.
    func transportReachedEnd(_ transport: Transport)
    /// What was written and not yet taken has shrunk to the low-water mark.
    func transportDrained(_ transport: Transport)
    /// It is over, exactly once, and never from within a call to the transport.
    func transportClosed(_ transport: Transport, _ error: Errno?)
}

/// Moves bytes through a pipe or a socket, without ever waiting.
///
/// Reads at most a budget for each time it is ready, so that one that is flooded does not hold up
/// the others. Writes at once what the kernel takes and keeps the rest; look at
/// ``bufferedByteCount`` before writing more than is wise.
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
    /// Which way its bytes go.
    public let kind: Kind
    /// `nil` once it is over: the other side is not to wait for us to be forgotten.
    private var fd: OwnedFD?
    private let loop: EventLoop
    private var registration: Registration?
    private var isReading: Bool
    private var bytesRead = 0
    private var outbox: [UInt8] = []
    /// How much of the outbox has gone.
    private var sent = 0
    private var isClosing = false
    private let lowWater: Int
    private var isAboveLowWater = false

    /// Takes over `fd`, makes it non-blocking and begins to read where it can.
    ///
    /// - Parameter lowWater: When fewer bytes wait to be written, the delegate is told.
    public init(
        _ fd: consuming OwnedFD,
        kind: Kind,
        loop: EventLoop,
        lowWater: Int = 16_384
    ) throws(Errno) {
        try fd.setNonBlocking(true)
        let raw = fd.raw
        self.fd = consume fd
        self.kind = kind
        self.loop = loop
        self.lowWater = lowWater
        isReading = kind.reads
        registration = try loop.register(raw, for: isReading ? .read : .error) {
            [weak self] in self?.isReady($0)
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

    /// Reads again where it can; after ``close()`` it has no effect.
    public func resumeReading() {
        isReading = kind.reads && !isClosing
        updateInterest()
    }

    /// Reads all that is there at this moment and hands it to the delegate.
    ///
    /// Ends even if somebody goes on writing: what comes later is not waited for. Nothing happens
    /// while reading is paused.
    public func drain() {
        guard var remaining = try? fd?.bytesWaiting else { return }
        while remaining > 0, isReading {
            let before = bytesRead
            guard readOnce(as: .readOfKnown) || bytesRead > before else { return }
            remaining -= bytesRead - before
        }
    }

    private func readWithBudget() {
        var budget = Transport.readBudget
        while budget > 0, isReading, readOnce() { budget -= EventLoop.readSize }
    }

    /// - Returns: Whether there may be more.
    private func readOnce(as transfer: Transfer = .read) -> Bool {
        do {
            guard let count = try fd?.read(on: loop, as: transfer) ?? nil else { return false }
            guard count > 0 else {
                pauseReading()
                delegate?.transportReachedEnd(self)
                return false
            }
            bytesRead += count
            let bytes = UnsafeRawBufferPointer(loop.readBuffer)[..<count]
            delegate?.transport(self, received: UnsafeRawBufferPointer(rebasing: bytes).bytes)
            // A read that leaves room has emptied the pipe: the next would only say so.
            return count == loop.readBuffer.count
        } catch {
            abort(error)
            return false
        }
    }

    // MARK: - Writing

    /// Bytes that were written and not yet taken by the kernel.
    public var bufferedByteCount: Int { outbox.count - sent }

    /// Sends, now or later; after ``close()`` it has no effect.
    public func write(_ bytes: [UInt8]) {
        guard !isClosing else { return }
        outbox += bytes
        flush()
    }

    private func flush() {
        do {
            while sent < outbox.count {
                guard let count = try writeOnce() else { break }
                sent += count
            }
        } catch {
            return abort(error)
        }
        if bufferedByteCount > lowWater { isAboveLowWater = true }
        compact()
        updateInterest()
        if isAboveLowWater, bufferedByteCount <= lowWater {
            isAboveLowWater = false
            delegate?.transportDrained(self)
        }
        if isClosing && outbox.isEmpty { finish(nil) }
    }

    private func writeOnce() throws(Errno) -> Int? {
        let (outbox, sent) = (outbox, sent)
        let rest = outbox.span.bytes.extracting(sent...)
        return try rest.withUnsafeBytes { bytes throws(Errno) -> Int? in
            (kind == .socket ? try fd?.send(bytes, on: loop) : try fd?.write(bytes, on: loop))
                ?? nil
        }
    }

    /// Forgets what has gone, once it is worth the move.
    private func compact() {
        guard sent == outbox.count || sent > 65_536 else { return }
        outbox.removeFirst(sent)
        sent = 0
        if outbox.isEmpty { outbox = [] }
    }

    // MARK: - The end

    /// Stops reading, sends what is buffered, then closes.
    public func close() {
        guard !isClosing else { return }
        isClosing = true
        isReading = false
        updateInterest()
        if outbox.isEmpty { finish(nil) }
    }

    /// Closes at once; what is buffered is lost.
    public func abort(_ error: Errno? = nil) {
        isClosing = true
        isReading = false
        outbox = []
        sent = 0
        finish(error)
    }

    private func finish(_ error: Errno?) {
        guard let registration else { return }
        registration.cancel()
        self.registration = nil
        fd = nil
        guard !loop.isClosed else { return }
        loop.callSoon { self.delegate?.transportClosed(self, error) }
    }

    private func isReady(_ readiness: Epoll.Readiness) {
        if isReading, !readiness.isDisjoint(with: [.read, .hangUp, .error]) { readWithBudget() }
        guard registration != nil else { return }
        if bufferedByteCount > 0, !readiness.isDisjoint(with: [.write, .hangUp, .error]) {
            flush()
        } else if kind == .writePipe, readiness.contains(.error) {
            // Nobody can read it any more; nothing is lost of it.
            abort()
        }
    }

    private func updateInterest() {
        // A pipe that nobody can read any more says so by itself, if it is watched at all.
        var interest: Epoll.Readiness = isReading ? .read : kind == .writePipe ? .error : []
        if bufferedByteCount > 0 { interest.insert(.write) }
        registration?.watch(for: interest)
    }
}
