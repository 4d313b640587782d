/// Why ``EventLoop/runUntilComplete(_:)`` has no result.
public enum EventLoopError: Error, Equatable, Sendable {
    /// ``EventLoop/stop()`` came before the end of the coroutine.
    case stoppedBeforeCompletion
    /// It was asked for after ``EventLoop/close()``.
    case closed
    /// It was asked for while the loop runs.
    case alreadyRunning
    /// Another loop runs on the calling thread.
    case anotherLoopRunning
}

extension EventLoop {
    /// Begins a task whose steps run on this loop; for any thread.
    ///
    /// It starts in the next iteration. ``close()`` cancels it and waits for its end: no task
    /// outlives its loop. What is begun after that never runs, and ends at once with
    /// ``EventLoopError/closed``.
    ///
    /// What it throws is for whoever asks for its value. If nobody can any more, it is reported, as
    /// the errors of callbacks are, unless it is a `CancellationError`.
    @discardableResult
    public func spawn<Success: Sendable>(
        name: String? = nil,
        _ body: @escaping @Sendable () async throws -> Success,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> SpawnedTask<Success> {
        guard tasks.announce() else {
            return SpawnedTask(Task.immediate { throw EventLoopError.closed })
        }
        let outcome = TaskOutcome(on: self, at: Place(file, line))
        let task = Task(name: name, executorPreference: self) { [self] in
            let entry = tasks.enter(name: name, at: lastLook)
            defer { tasks.leave(entry) }
            do {
                return try await body()
            } catch {
                outcome.error = error
                throw error
            }
        }
        return SpawnedTask(task, outcome)
    }

    /// Runs the loop until `body` has ended, and gives back what it returned.
    ///
    /// - Throws: What `body` threw; or an ``EventLoopError``. If that is `.stoppedBeforeCompletion`,
    ///   `body` goes on in the next run.
    public func runUntilComplete<Success: Sendable>(
        _ body: @escaping @Sendable () async throws -> Success
    ) throws -> Success {
        guard !isClosed else { throw EventLoopError.closed }
        guard !isRunning else { throw EventLoopError.alreadyRunning }
        guard EventLoop.current == nil else { throw EventLoopError.anotherLoopRunning }
        let completion = Completion<Success>()
        let loop = self
        spawn(name: "main") {
            let result: Result<Success, any Error>
            do {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
            // On the loop's thread, as the one who asks.
            guard completion.isAwaited else { return }
            completion.result = result
            loop.stop()
        }
        run()
        completion.isAwaited = false
        guard let result = completion.result else {
            throw EventLoopError.stoppedBeforeCompletion
        }
        return try result.get()
    }

    /// Lets everything else that is ready have its turn.
    public func yield() async {
        await turn.pass()
    }
}

/// Where the end of a coroutine is noted; the loop's thread only.
private final class Completion<Success: Sendable>: @unchecked Sendable {
    /// Nobody stops a later run because of it.
    var isAwaited = true
    var result: Result<Success, any Error>?
}
