internal import Synchronization

/// Where a loop keeps its calls and timers; it outlives the loop, and serves another one then.
///
/// Handles point to it without holding it, for counting references would cost as much as the call.
/// So it is never freed: there is as much of it as there were loops at once.
struct CallStorage: @unchecked Sendable {
    let calls = CallQueue()
    let timers = TimerWheel()

    private static let unused = Mutex<[CallStorage]>([])

    static func take() -> CallStorage {
        unused.withLock { $0.popLast() } ?? CallStorage()
    }

    /// Tells which thread may touch them, see ``CallQueue/owner``.
    func setOwner(_ thread: UInt) {
        calls.owner.store(thread, ordering: .relaxed)
        timers.owner.store(thread, ordering: .relaxed)
    }

    func giveBack() {
        calls.removeAll()
        timers.removeAll()
        CallStorage.unused.withLock { $0.append(self) }
    }
}
