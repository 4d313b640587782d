internal import Supervision

/// What takes the bytes of a stream.
protocol LogOutput: AnyObject {
    /// - Returns: How many bytes it took; fewer than all if it can take no more for now.
    func append(_ bytes: RawSpan) -> Int
    /// Calls back once it may take more.
    func whenReady(_ body: @escaping () -> Void)
    /// Calls back once all that it took is where it belongs.
    func settle(then done: @escaping () -> Void)
    /// All that a run wrote has been appended.
    func endOfRun()
    /// Whether what it took can be read again, as far as is known here.
    var keepsHistory: Bool { get }
    /// Whether what it took from earlier is known to end within a line.
    var isWithinLine: Bool { get }
    /// Gives what it holds from earlier, up to now; `nil` if there is nothing to be had.
    func history(then done: @escaping (LogHistory?) -> Void)
    func clear()
    func rotate()
    func adopt(_ policy: LogPolicy)
    /// The stream with these counters is over.
    func leave(_ counters: StreamCounters)
    /// Tells what it has in mind, when it has nothing to do.
    func remember(then done: @escaping (OutputMemory) -> Void)
    /// Takes over what another one has had in mind; before anything is appended.
    func recall(_ memory: OutputMemory)
}

extension LogOutput {
    var keepsHistory: Bool { false }
    var isWithinLine: Bool { false }
    func settle(then done: @escaping () -> Void) { done() }
    func endOfRun() {}
    func history(then done: @escaping (LogHistory?) -> Void) { done(nil) }
    func clear() {}
    func rotate() {}
    func adopt(_ policy: LogPolicy) {}
    func leave(_ counters: StreamCounters) {}
    func remember(then done: @escaping (OutputMemory) -> Void) { done(OutputMemory()) }
    func recall(_ memory: OutputMemory) {}
}
