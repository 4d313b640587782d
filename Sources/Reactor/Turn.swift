/// A place that tasks pass through to let others have their turn.
///
/// It is an actor next to the loop: to enter it takes one step through the queue, and to leave it
/// none, for the loop runs that step as its own. `Task.yield()` takes two steps and an allocation.
actor Turn {
    private let executor: TurnExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: executor)
    }

    init() {
        executor = TurnExecutor()
    }

    /// To be called once, before anybody passes.
    nonisolated func attach(to loop: EventLoop) {
        executor.loop = loop
    }

    func pass() {}
}

private final class TurnExecutor: SerialExecutor, @unchecked Sendable {
    // Set before there is a second thread; whoever passes holds the loop.
    unowned var loop: EventLoop?

    func enqueue(_ job: consuming ExecutorJob) {
        guard let loop else { preconditionFailure("it belongs to no loop") }
        loop.enqueue(job)
    }
}
