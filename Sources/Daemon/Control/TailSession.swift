internal import ControlProtocol

/// Gives one client the end of a stream, and what follows if it wants that, no faster than the
/// client reads.
final class TailSession {
    /// A reply shall stay far below what a client has to accept as one message.
    static let pieceSize = 262_144

    private let exchange: Exchange
    private let logs: LogLoop
    let stream: StreamID
    private let id: FollowerID
    private var follows = false
    /// What was there when it began; `nil` before it has come, and when all of it has been sent.
    private var history: LogHistory?
    private var isReading = false
    private var hasSentHistory = false
    /// Whether the run is over that it was to be followed to the end of.
    private var isOver = false
    /// What came since, while the history is not over.
    private var queue: [FollowedChunk] = []
    /// Sent to the client, and not yet taken.
    private var owed = 0

    init(_ exchange: Exchange, logs: LogLoop, stream: StreamID, id: FollowerID) {
        self.exchange = exchange
        self.logs = logs
        self.stream = stream
        self.id = id
    }

    /// Lives as long as the exchange, which holds it.
    func begin(_ amount: LogAmount, follows: Bool) {
        self.follows = follows
        exchange.isEndless = follows
        exchange.onDrained = { self.drained() }
        exchange.onCancel = { [logs, stream, id, weak self] in
            self?.history = nil
            logs.unfollow(stream, id)
        }
        exchange.restForNext = { [weak self] in
            self.flatMap { $0.follows && $0.hasSentHistory ? .printed : nil }
        }
        guard follows else {
            return logs.history(of: stream) { [weak self] in self?.begin($0, amount) }
        }
        logs.follow(
            stream,
            as: id,
            begin: { [weak self] in self?.begin($0, amount) },
            deliver: { [weak self] in self?.pass(on: $0) }
        )
    }

    /// Goes on with a stream that has taken the place of the one before, and has nothing in it yet.
    func followAnew() {
        logs.follow(
            stream,
            as: id,
            begin: { _ in },
            deliver: { [weak self] in self?.pass(on: $0) }
        )
    }

    /// Goes on where a daemon before was, which has sent all up to now.
    func resume() {
        hasSentHistory = true
        begin(.bytes(0), follows: true)
    }

    // MARK: - What was there

    private func begin(_ history: LogHistory?, _ amount: LogAmount) {
        guard !hasSentHistory else { return }
        guard let history else { return endHistory() }
        self.history = history
        read(history) { try? history.seek(amount) }
    }

    private func read(_ history: LogHistory, after prepare: @escaping @Sendable () -> Void = {}) {
        guard !isReading else { return }
        isReading = true
        logs.read(
            {
                prepare()
                // A file that cannot be read any further ends here.
                return (try? history.next(TailSession.pieceSize)) ?? LogHistory.Part(bytes: [])
            },
            then: { [weak self] in self?.pass(onHistory: $0) }
        )
    }

    private func pass(onHistory part: LogHistory.Part) {
        isReading = false
        guard let history, !part.bytes.isEmpty else { return endHistory() }
        exchange.next(Control.Tail.Answer(bytes: part.bytes, ended: part.endsRun ? true : nil))
        if exchange.isDrained { read(history) }
    }

    private func endHistory() {
        history = nil
        hasSentHistory = true
        // So that a client knows, even if there was nothing.
        let end = Control.Tail.Answer(bytes: [])
        guard follows else { return exchange.finish(end) }
        exchange.next(end)
        for chunk in queue { send(chunk) }
        queue = []
        if isOver { finish() }
    }

    // MARK: - What comes

    private func pass(on chunk: FollowedChunk) {
        if hasSentHistory { send(chunk) } else { queue.append(chunk) }
    }

    private func send(_ chunk: FollowedChunk) {
        exchange.next(
            Control.Tail.Answer(
                bytes: chunk.bytes,
                gap: chunk.missed > 0 ? chunk.missed : nil,
                ended: chunk.endsRun ? true : nil
            )
        )
        owed += chunk.bytes.count
        if exchange.isDrained { acknowledge() }
    }

    /// The run is over, and what it printed is on its way.
    func end() {
        isOver = true
        if hasSentHistory { finish() }
    }

    private func finish() {
        logs.unfollow(stream, id) { [exchange] missed in
            exchange.finish(Control.Tail.Answer(bytes: [], gap: missed > 0 ? missed : nil))
        }
    }

    private func drained() {
        if let history { read(history) }
        acknowledge()
    }

    private func acknowledge() {
        guard owed > 0 else { return }
        logs.acknowledge(owed, stream, by: id)
        owed = 0
    }
}
