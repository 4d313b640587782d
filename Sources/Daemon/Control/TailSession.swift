internal import ControlProtocol

/// Follows a stream for one client, no faster than the client reads.
final class TailSession {
    private let exchange: Exchange
    private let logs: LogLoop
    private let stream: StreamID
    private let id: FollowerID
    /// Sent to the client, and not yet taken.
    private var owed = 0

    init(_ exchange: Exchange, logs: LogLoop, stream: StreamID, id: FollowerID) {
        self.exchange = exchange
        self.logs = logs
        self.stream = stream
        self.id = id
    }

    /// Lives as long as the exchange, which holds it.
    func begin(_ amount: TailAmount) {
        exchange.isEndless = true
        exchange.onDrained = { self.acknowledge() }
        exchange.onCancel = { [logs, stream, id] in logs.unfollow(stream, id) }
        logs.follow(stream, amount, as: id) { [weak self] in self?.pass(on: $0) }
    }

    private func pass(on chunk: FollowedChunk) {
        exchange.next(
            Control.Tail.Answer(bytes: chunk.bytes, gap: chunk.missed > 0 ? chunk.missed : nil)
        )
        owed += chunk.bytes.count
        if exchange.isDrained { acknowledge() }
    }

    private func acknowledge() {
        guard owed > 0 else { return }
        logs.acknowledge(owed, stream, by: id)
        owed = 0
    }
}
