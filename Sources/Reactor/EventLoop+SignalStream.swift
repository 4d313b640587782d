public import SystemPackage
public import SystemTypes

extension EventLoop {
    /// The signals that arrive from now on, for one task to go through.
    ///
    /// It takes the place of the handlers of these signals, as
    /// ``addSignalHandler(_:_:file:line:)`` does. When nobody goes through it any more, the signals get back what they did before. It ends when the
    /// loop is closed, or when others have taken its place for all of its signals.
    public func signals(_ signals: Signal...) throws(Errno) -> AsyncStream<Signal> {
        let (stream, continuation) = AsyncStream.makeStream(of: Signal.self)
        let subscription = SignalSubscription()
        let confined = Confined(subscription, to: self)
        continuation.onTermination = { [weak self] _ in
            self?.post { confined.value.cancel() }
        }
        for signal in Set(signals) {
            do {
                try subscription.listen(to: signal, on: self, continuation)
            } catch {
                subscription.cancel()
                throw error
            }
        }
        return stream
    }
}

/// What a stream of signals listens to; the loop's thread only.
private final class SignalSubscription {
    private weak var source: SignalSource?
    /// Those that nobody else has taken over.
    private var signals: Set<Signal> = []

    func listen(
        to signal: Signal,
        on loop: EventLoop,
        _ continuation: AsyncStream<Signal>.Continuation
    ) throws(Errno) {
        try loop.listen(to: signal, at: Place(#fileID, #line)) {
            continuation.yield(signal)
        } ended: { [self] in
            signals.remove(signal)
            if signals.isEmpty { continuation.finish() }
        }
        signals.insert(signal)
        source = loop.signals
    }

    func cancel() {
        for signal in signals { _ = source?.remove(signal) }
    }
}
