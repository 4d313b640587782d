internal import ControlProtocol
internal import Supervision

/// One call and the replies to it.
final class Exchange {
    let call: Call
    /// Who asks.
    let peer: Peer
    private weak var connection: ControlConnection?
    /// Whether only the client ends it.
    var isEndless = false
    /// Whether the answer is that of the daemon that comes after this one.
    var isForNextDaemon = false
    /// What was sent has been taken by the client, nearly.
    var onDrained: (() -> Void)?
    /// Nobody waits for the answer any more.
    var onCancel: (() -> Void)?

    init(_ call: Call, over connection: ControlConnection) {
        self.call = call
        self.connection = connection
        peer = connection.peer
    }

    var rights: Rights { peer.rights }

    /// The answer to one who may not.
    var refusal: ControlError { .notAllowed(method: call.method) }

    /// The parameters of the call, of the type that is wanted of them.
    func parameters<R: Request>() throws(ControlError) -> R {
        try call.parameters(as: R.self)
    }

    /// Whether the client has taken enough of what it was sent to be sent more.
    var isDrained: Bool { (connection?.unreadByteCount ?? 0) <= ControlConnection.lowWater }

    /// One of several replies; only where the client asked for `more`.
    func next(_ answer: some Encodable) {
        guard !call.oneway else { return }
        connection?.send(Reply.encode(answer, continues: true))
    }

    /// The last reply, or the only one.
    func finish(_ answer: some Encodable) {
        end(with: Reply.encode(answer))
    }

    func fail(_ error: ControlError) {
        end(with: Reply.encode(error))
    }

    private func end(with frame: [UInt8]) {
        (onDrained, onCancel) = (nil, nil)
        guard let connection else { return }
        self.connection = nil
        if !call.oneway { connection.send(frame) }
        connection.finished()
    }

    func cancel() {
        connection = nil
        onCancel?()
        (onDrained, onCancel) = (nil, nil)
    }
}
