/// The loop runs the steps of tasks, between callbacks and as they do.
///
/// It is both kinds of executor in one, and tells the runtime so with each job: a task that prefers
/// this loop and calls an actor that is pinned to it then goes on without another turn.
///
/// Sources: SE-0392, SE-0417, SE-0424.
extension EventLoop: SerialExecutor, TaskExecutor {
    /// What an actor gives as its `unownedExecutor`; the loop is not kept by it.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// What `Task(executorPreference:)` asks for; the loop is not kept by it.
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor {
        UnownedTaskExecutor(ordinary: self)
    }

    /// Lets `assumeIsolated` succeed in callbacks, where no task runs.
    public func isIsolatingCurrentContext() -> Bool? { isOnLoopThread }

    /// Traps on any other thread.
    public func checkIsolated() {
        precondition(isOnLoopThread, "not on the thread of the event loop")
    }

    func run(_ job: UnownedJob) {
        job.runSynchronously(
            isolatedTo: asUnownedSerialExecutor(),
            taskExecutor: asUnownedTaskExecutor()
        )
    }
}
