internal import DequeModule
internal import Synchronization

/// A queue between tasks that holds so much and no more: who sends too much waits.
///
/// Elements come in the order in which they were sent, and of several receivers the one who waits
/// longest gets the next. A task that is cancelled while it sends has not sent; one that is
/// cancelled while it receives has received nothing.
public final class AsyncChannel<Element: Sendable>: AsyncSequence, Sendable {
    /// Why an element cannot be sent: ``AsyncChannel/finish()`` was called before.
    public struct Finished: Error, Equatable, Sendable {
        /// For those who stand in for a channel.
        public init() {}
    }

    fileprivate struct Sender {
        let id: UInt64
        let element: Element
        let continuation: UnsafeContinuation<Void, any Error>
    }

    fileprivate struct State {
        var elements = Deque<Element>()
        /// There are some only while the channel is full.
        var senders = Deque<Sender>()
        /// There are some only while it is empty.
        var receivers = WaitList<Element?>()
        var isFinished = false
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: How many elements may wait; 0 has each sender wait for its receiver.
    public init(capacity: Int) {
        precondition(capacity >= 0)
        self.capacity = capacity
    }

    /// Suspends the task until there is room for `element`.
    ///
    /// - Throws: ``Finished``; `CancellationError` as soon as the task is cancelled.
    public func send(_ element: Element) async throws {
        let id = state.withLock { $0.receivers.makeID() }
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                let (result, receiver) = state.withLock { state in
                    state.begin(
                        Sender(id: id, element: element, continuation: continuation),
                        capacity
                    )
                }
                receiver?.resume(returning: element)
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let sender = state.withLock { state -> Sender? in
                guard let index = state.senders.firstIndex(where: { $0.id == id }) else {
                    return nil
                }
                return state.senders.remove(at: index)
            }
            sender?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Suspends the task until there is an element.
    ///
    /// - Returns: `nil` at the end: after ``finish()``, when all has been received.
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func receive() async throws -> Element? {
        let id = state.withLock { $0.receivers.makeID() }
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                let (result, sender) = state.withLock { $0.begin(continuation, as: id) }
                sender?.continuation.resume()
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let receiver = state.withLock { $0.receivers.remove(id) }
            receiver?.resume(throwing: CancellationError())
        }
    }

    /// Takes no more; what was taken can still be received.
    ///
    /// Those who wait to send get ``Finished``; it has no effect the second time. For any
    /// thread.
    public func finish() {
        var (senders, receivers) = state.withLock { state in
            state.isFinished = true
            defer { (state.senders, state.receivers) = ([], WaitList()) }
            return (state.senders, state.receivers)
        }
        while let sender = senders.popFirst() { sender.continuation.resume(throwing: Finished()) }
        while let receiver = receivers.popFirst() { receiver.resume(returning: nil) }
    }

    /// Receives; of several, each element goes to one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let channel: AsyncChannel

        /// As ``AsyncChannel/receive()``.
        public mutating func next() async throws -> Element? {
            try await channel.receive()
        }
    }

    /// One more receiver.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(channel: self)
    }
}

extension AsyncChannel.State {
    typealias Receiver = UnsafeContinuation<Element?, any Error>

    /// - Returns: The end of the sending, if it is known; who gets the element at once.
    fileprivate mutating func begin(
        _ sender: AsyncChannel.Sender,
        _ capacity: Int
    ) -> (Result<Void, any Error>?, Receiver?) {
        if Task.isCancelled { return (.failure(CancellationError()), nil) }
        if isFinished { return (.failure(AsyncChannel.Finished()), nil) }
        if let receiver = receivers.popFirst() { return (.success(()), receiver) }
        guard elements.count < capacity else {
            senders.append(sender)
            return (nil, nil)
        }
        elements.append(sender.element)
        return (.success(()), nil)
    }

    /// - Returns: The end of the receiving, if it is known; whose element has found room by that.
    fileprivate mutating func begin(
        _ receiver: Receiver,
        as id: UInt64
    ) -> (Result<Element?, any Error>?, AsyncChannel.Sender?) {
        if Task.isCancelled { return (.failure(CancellationError()), nil) }
        let sender = senders.popFirst()
        if let sender { elements.append(sender.element) }
        if let element = elements.popFirst() { return (.success(element), sender) }
        if isFinished { return (.success(nil), nil) }
        receivers.append(receiver, as: id)
        return (nil, nil)
    }
}
