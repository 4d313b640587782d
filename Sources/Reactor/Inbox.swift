internal import LinuxSystem
internal import Synchronization
internal import SystemPackage

/// What other threads want run, and how they wake the loop.
final class Inbox: Sendable {
    enum Post: Sendable {
        case call(@Sendable () throws -> Void, Place)
        /// A step of a task.
        case job(UnownedJob)
    }

    private struct Posts {
        var waiting: [Post] = []
        /// How many there were, at all times.
        var count = 0
        var isClosed = false
    }

    // Not `Mutex`, which hands itself over from thread to thread when many want it: each would wait
    // for the next to be scheduled.
    private let posts = Monitor(Posts())
    private let isFilled = Atomic(false)
    /// Whether the loop is about to sleep, or does, and nobody has woken it yet.
    private let isAsleep = Atomic(false)
    private let wakeUp: EventFD
    private let sent = Atomic(0)

    init() throws(Errno) {
        wakeUp = try EventFD()
    }

    var descriptor: CInt { wakeUp.raw }

    /// How many posts there were, and how many had to wake the loop.
    var counts: (posted: Int, wakeUps: Int) {
        (posts.withLock { $0.count }, sent.load(ordering: .relaxed))
    }

    /// Whether there is anything; spares the loop the lock when there is not.
    var hasPosts: Bool { isFilled.load(ordering: .acquiring) }

    // MARK: - Other threads

    /// - Returns: Whether it was taken: what comes after ``close()`` is dropped.
    @discardableResult
    func add(_ post: Post) -> Bool {
        let isOpen = posts.withLock { posts in
            guard !posts.isClosed else { return false }
            posts.waiting.append(post)
            posts.count += 1
            // While it is set, whoever has set it sees to it that the loop wakes.
            if !isFilled.load(ordering: .relaxed) {
                isFilled.store(true, ordering: .sequentiallyConsistent)
            }
            return true
        }
        guard isOpen else { return false }
        guard isAsleep.load(ordering: .sequentiallyConsistent),
            isAsleep.exchange(false, ordering: .relaxed)
        else { return true }
        sent.add(1, ordering: .relaxed)
        wakeUp.signal()
        return true
    }

    // MARK: - The loop's thread

    /// Gives what is there for storage of an empty array.
    func swap(with storage: inout [Post]) {
        posts.withLock { posts in
            isFilled.store(false, ordering: .relaxed)
            Swift.swap(&posts.waiting, &storage)
        }
    }

    /// Runs `sleep` unless there is something already; what comes meanwhile ends it.
    func whileAsleep<Result>(_ sleep: (_ mayWait: Bool) -> Result) -> Result {
        isAsleep.store(true, ordering: .sequentiallyConsistent)
        defer { isAsleep.store(false, ordering: .relaxed) }
        // Either this sees what was posted, or who posted it sees that the loop sleeps.
        return sleep(!isFilled.load(ordering: .sequentiallyConsistent))
    }

    func clearWakeUp() {
        wakeUp.clear()
    }

    /// - Returns: What has not been taken, to be dropped.
    func close() -> [Post] {
        posts.withLock { posts in
            posts.isClosed = true
            isFilled.store(false, ordering: .relaxed)
            defer { posts.waiting = [] }
            return posts.waiting
        }
    }
}
