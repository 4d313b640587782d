internal import Synchronization

/// A task that a loop has begun; see ``EventLoop/spawn(name:_:file:line:)``.
///
/// Throw it away, and what the task throws is reported as a failure of the loop. A `Task` would
/// keep that to itself.
public struct SpawnedTask<Success: Sendable>: Sendable {
    private let task: Task<Success, any Error>
    private let outcome: TaskOutcome?

    init(_ task: Task<Success, any Error>, _ outcome: TaskOutcome? = nil) {
        self.task = task
        self.outcome = outcome
    }

    /// What it returned, or threw, once it has ended.
    public var value: Success {
        get async throws { try await result.get() }
    }

    /// What it returned, or threw, once it has ended.
    public var result: Result<Success, any Error> {
        get async {
            outcome?.isWanted.store(true, ordering: .relaxed)
            return await task.result
        }
    }

    /// Asks it to end; it may take its time.
    public func cancel() {
        task.cancel()
    }

    /// Whether it was asked to end.
    public var isCancelled: Bool { task.isCancelled }
}

/// What a task threw; goes away when the task has ended and nobody can ask for its result.
final class TaskOutcome: @unchecked Sendable {
    private let loop: EventLoop
    private let place: Place
    /// Whether somebody has asked for it.
    let isWanted = Atomic(false)
    /// Set by the task before it lets go of this.
    var error: (any Error)?

    init(on loop: EventLoop, at place: Place) {
        self.loop = loop
        self.place = place
    }

    deinit {
        // Nobody has to be told that a task was cancelled.
        guard let error, !(error is CancellationError), !isWanted.load(ordering: .relaxed) else {
            return
        }
        let context = FailureContext(error: error, source: .task, place: place)
        if loop.isOnLoopThread { return loop.report(context) }
        loop.post { [loop] in loop.report(context) }
    }
}
