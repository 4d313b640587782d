internal import DequeModule

/// Tasks that wait for their turn, first in, first out.
///
/// To be kept behind a lock, which a task that begins to wait takes as well as one that is
/// cancelled: a task that finds itself cancelled when it begins does not wait.
struct WaitList<Value: Sendable>: Sendable {
    typealias Continuation = UnsafeContinuation<Value, any Error>

    private var waiting = Deque<(id: UInt64, continuation: Continuation)>()
    private var nextID: UInt64 = 0

    var isEmpty: Bool { waiting.isEmpty }

    mutating func makeID() -> UInt64 {
        nextID += 1
        return nextID
    }

    mutating func append(_ continuation: Continuation, as id: UInt64) {
        waiting.append((id, continuation))
    }

    mutating func popFirst() -> Continuation? {
        waiting.popFirst()?.continuation
    }

    /// `nil` if it waits no more.
    mutating func remove(_ id: UInt64) -> Continuation? {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return nil }
        return waiting.remove(at: index).continuation
    }
}
