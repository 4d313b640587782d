internal import ControlProtocol
internal import LinuxSystem
internal import Reactor
internal import SystemPackage
internal import SystemTypes

/// One client, and its conversation: one call at a time, in the order in which they come.
///
/// Nothing that a client does costs more than its own connection. What it sends is kept up to the
/// length of one message; what it does not read is kept up to a limit; a message that it does not
/// end is waited for no longer than a while.
final class ControlConnection: TransportDelegate {
    /// What a client may cost.
    struct Limits {
        /// How long a message may take from its first byte to its last.
        var idleMax = Duration.seconds(30)
        /// A client that lets so much pile up does not read at all.
        var unreadMax = 16 << 20
    }

    /// While more than this waits to be sent, no further call is looked at.
    static let lowWater = 65_536

    private let transport: Transport
    private let loop: EventLoop
    private let limits: Limits
    private let answerCall: (Exchange) -> Void
    let peer: Peer
    private var splitter = FrameSplitter()
    /// The call that is being answered.
    private var exchange: Exchange?
    private var impatience: TimerHandle?
    private var hasEnded = false
    /// Whether no further call is looked at, for the next daemon will.
    private var isFrozen = false
    var onClose: (() -> Void)?

    /// - Parameter answer: Has the exchange answered, now or later.
    init(
        _ descriptor: consuming OwnedFD,
        peer: Peer,
        loop: EventLoop,
        limits: Limits = Limits(),
        answer: @escaping (Exchange) -> Void
    ) throws(Errno) {
        self.peer = peer
        self.loop = loop
        self.limits = limits
        answerCall = answer
        transport = try Transport(descriptor, kind: .socket, loop: loop)
        transport.setWriteBufferLimits(
            high: ControlConnection.lowWater,
            low: ControlConnection.lowWater
        )
        transport.delegate = self
    }

    // MARK: - Calls

    func transport(_ transport: Transport, received bytes: RawSpan) {
        bytes.withUnsafeBytes { splitter.append($0) }
        // One who sends while it is being answered is heard when that is done.
        if exchange != nil { transport.pauseReading() }
        answerNext()
    }

    private func answerNext() {
        guard exchange == nil, !isFrozen else { return }
        // One who does not take the answers is asked for no more questions.
        guard transport.bufferedByteCount <= ControlConnection.lowWater else {
            return transport.pauseReading()
        }
        do {
            // One a turn, so that a client with many calls in hand does not hold up the others; and
            // while it has some in hand it is not asked for more.
            if let message = try splitter.next() {
                if splitter.isWithinMessage { transport.pauseReading() }
                return answer(try Call(decoding: message))
            }
        } catch {
            // Not Varlink: there is no way to say so in Varlink.
            return transport.close()
        }
        watchForEnd()
        if hasEnded { transport.close() } else { transport.resumeReading() }
    }

    private func answer(_ call: Call) {
        stopWatching()
        let exchange = Exchange(call, over: self)
        self.exchange = exchange
        answerCall(exchange)
    }

    /// A message that has begun has to end some time, however slowly it comes.
    private func watchForEnd() {
        guard splitter.isWithinMessage else { return stopWatching() }
        guard impatience == nil else { return }
        impatience = loop.callLater(limits.idleMax) { [weak self] in
            self?.transport.abort()
        }
    }

    private func stopWatching() {
        impatience?.cancel()
        impatience = nil
    }

    // MARK: - Replies

    /// How much the client has not taken yet.
    var unreadByteCount: Int { transport.bufferedByteCount }

    func send(_ frame: [UInt8]) {
        transport.write(frame)
        if unreadByteCount > limits.unreadMax { transport.abort() }
    }

    /// The call has been answered for good.
    func finished() {
        exchange = nil
        loop.callSoon { [weak self] in self?.answerNext() }
    }

    /// Shows the client out, in the midst of whatever it does.
    func end() {
        transport.abort()
    }

    // MARK: - Another daemon

    /// Leaves what comes where it is.
    func freeze() {
        isFrozen = true
        transport.pauseReading()
    }

    func thaw() {
        isFrozen = false
        answerNext()
    }

    /// What another daemon needs to go on; `nil` in the midst of a call that this one has to answer.
    func state(_ luggage: Luggage) -> ConnectionState? {
        guard exchange?.isForNextDaemon ?? true, let raw = transport.descriptor,
            !transport.isClosing
        else { return nil }
        return ConnectionState(
            descriptor: luggage.pack(raw),
            received: Blob(splitter.rest),
            unsent: Blob(transport.bufferedBytes),
            isWaiting: exchange != nil
        )
    }

    func restore(_ state: ConnectionState) {
        if !state.unsent.bytes.isEmpty { transport.write(state.unsent.bytes) }
        if state.isWaiting { send(Reply.encode(Done())) }
        state.received.bytes.withUnsafeBytes { splitter.append($0) }
        loop.callSoon { [weak self] in self?.answerNext() }
    }

    // MARK: - The other side

    func transportReachedEnd(_ transport: Transport) -> Bool {
        hasEnded = true
        if let exchange, exchange.isEndless {
            exchange.cancel()
            return false
        }
        answerNext()
        return true
    }

    func transportDrained(_ transport: Transport) {
        exchange?.onDrained?()
        answerNext()
    }

    func transportClosed(_ transport: Transport, _ error: Errno?) {
        stopWatching()
        exchange?.cancel()
        exchange = nil
        onClose?()
    }
}
