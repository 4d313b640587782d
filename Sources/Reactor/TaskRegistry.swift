internal import Synchronization
internal import SystemTypes

/// The tasks of a loop that have not ended.
///
/// A task enters itself in its first step, on the loop's thread, and so takes neither a lock nor
/// memory of its own. Before that it is only counted.
final class TaskRegistry: @unchecked Sendable {
    private struct Entry {
        /// Valid while it is here: the task leaves before it ends.
        var task: UnsafeCurrentTask?
        var name: String?
        var began: Instant
    }

    /// Of all, begun or not, and far below zero once no more are taken; for any thread.
    private let alive = Atomic(0)

    // The loop's thread only.
    private var entries: [Entry] = []
    private var free: [Int] = []
    private var isClosing = false
    /// Who waits for the last but one to leave.
    private var oneIsLeft: AsyncEvent?

    var isEmpty: Bool { alive.load(ordering: .acquiring) == 0 }

    /// For any thread.
    ///
    /// - Returns: Whether it is taken; if not, it must not begin.
    func announce() -> Bool {
        alive.add(1, ordering: .relaxed).oldValue >= 0
    }

    /// Takes no more, unless there are some now.
    ///
    /// - Returns: Whether that is so.
    func closeIfEmpty() -> Bool {
        alive.compareExchange(expected: 0, desired: .min / 2, ordering: .acquiring).exchanged
    }

    /// - Returns: What ``leave(_:)`` wants to know.
    func enter(name: String?, at now: Instant) -> Int {
        let task = withUnsafeCurrentTask { $0 }
        if isClosing { task?.cancel() }
        let entry = Entry(task: task, name: name, began: now)
        if let index = free.popLast() {
            entries[index] = entry
            return index
        }
        entries.append(entry)
        return entries.count - 1
    }

    func leave(_ index: Int) {
        entries[index].task = nil
        entries[index].name = nil
        free.append(index)
        if alive.subtract(1, ordering: .releasing).newValue == 1 { oneIsLeft?.set() }
    }

    /// Cancels all, and from now on each as soon as it begins.
    func cancelAll() {
        isClosing = true
        for entry in entries { entry.task?.cancel() }
    }

    /// Cancels all that have begun, but for the one that calls this.
    func cancelOthers() {
        let current = withUnsafeCurrentTask { $0 }
        for entry in entries where entry.task != current { entry.task?.cancel() }
    }

    /// - Throws: `CancellationError`.
    func waitUntilOneIsLeft() async throws {
        // Another thread may begin one meanwhile.
        while alive.load(ordering: .acquiring) > 1 {
            let event = AsyncEvent()
            oneIsLeft = event
            try await event.wait()
        }
        oneIsLeft = nil
    }

    /// Those that have begun.
    func list(at now: Instant) -> [EventLoop.TaskDescription] {
        entries.compactMap { entry in
            guard entry.task != nil else { return nil }
            return EventLoop.TaskDescription(name: entry.name, age: now - entry.began)
        }
    }
}

extension EventLoop {
    /// A task that has begun and not ended.
    public struct TaskDescription: Sendable {
        /// As it was given to ``EventLoop/spawn(name:_:file:line:)``.
        public let name: String?
        /// How long ago it began.
        public let age: Duration
    }

    /// The tasks of ``spawn(name:_:file:line:)`` that have begun and not ended.
    public var runningTasks: [TaskDescription] { tasks.list(at: now) }
}
