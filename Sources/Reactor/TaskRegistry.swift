internal import Synchronization

/// The tasks of a loop that have not ended; for any thread.
final class TaskRegistry: Sendable {
    private struct Tasks {
        var nextID: UInt64 = 0
        /// How to cancel each; `nil` between its birth and the moment at which that is known.
        var alive: [UInt64: (@Sendable () -> Void)?] = [:]
        var isClosed = false
    }

    private let tasks = Mutex(Tasks())

    var isEmpty: Bool { tasks.withLock { $0.alive.isEmpty } }

    func add() -> UInt64 {
        tasks.withLock { tasks in
            tasks.nextID += 1
            tasks.alive[tasks.nextID] = .some(nil)
            return tasks.nextID
        }
    }

    /// Does nothing if the task has ended meanwhile.
    func setCancellation(of id: UInt64, _ cancel: @escaping @Sendable () -> Void) {
        let isTooLate = tasks.withLock { tasks in
            guard tasks.alive[id] != nil else { return false }
            tasks.alive[id] = cancel
            return tasks.isClosed
        }
        if isTooLate { cancel() }
    }

    func remove(_ id: UInt64) {
        tasks.withLock { $0.alive[id] = nil }
    }

    /// Cancels all, and from now on each that is added, as soon as it is there.
    func cancelAll() {
        let cancellations = tasks.withLock { tasks in
            tasks.isClosed = true
            return tasks.alive.values.compactMap(\.self)
        }
        for cancel in cancellations { cancel() }
    }
}
