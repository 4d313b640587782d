internal import SystemTypes

/// Timers by deadline, then by order of registration.
///
/// A heap whose timers know their place: one that is cancelled is taken out at once, and a million
/// that are cancelled leave nothing behind. swift-collections' heap cannot do that.
///
/// The keys lie in the heap itself, four children side by side: to compare two of them touches no
/// timer, and half as many levels are crossed as with two. References are held by hand, so that
/// moving an entry counts nothing.
final class TimerHeap {
    private struct Entry {
        let deadline: Instant
        /// The order of registration.
        let sequence: UInt64
        let timer: Unmanaged<TimerHandle>

        func isBefore(_ other: Entry) -> Bool {
            deadline == other.deadline ? sequence < other.sequence : deadline < other.deadline
        }
    }

    private static let childrenMax = 4

    private var entries: UnsafeMutablePointer<Entry>
    private var capacity = 64
    private(set) var count = 0
    private var nextSequence: UInt64 = 0

    init() {
        entries = .allocate(capacity: capacity)
    }

    deinit {
        removeAll()
        entries.deallocate()
    }

    var first: Instant? { count > 0 ? entries[0].deadline : nil }

    func insert(_ timer: TimerHandle) {
        if count == capacity { grow() }
        let entry = Entry(
            deadline: timer.deadline,
            sequence: nextSequence,
            timer: .passRetained(timer)
        )
        nextSequence += 1
        count += 1
        siftUp(entry, from: count - 1)
    }

    /// Does nothing if it is not there any more.
    func remove(_ timer: TimerHandle) {
        guard timer.position >= 0 else { return }
        precondition(
            timer.position < count
                && entries[timer.position].timer.toOpaque()
                    == Unmanaged.passUnretained(timer).toOpaque(),
            "a timer of another loop"
        )
        remove(at: timer.position).release()
    }

    /// Takes out, in order, what is due.
    func removeAll(dueAt now: Instant, _ body: (TimerHandle) -> Void) {
        while count > 0, entries[0].deadline <= now {
            body(remove(at: 0).takeRetainedValue())
        }
    }

    func removeAll() {
        // From the end, where nothing has to move up.
        while count > 0 { remove(at: count - 1).release() }
    }

    /// - Returns: The timer, which the heap holds no longer.
    private func remove(at position: Int) -> Unmanaged<TimerHandle> {
        let timer = entries[position].timer
        timer._withUnsafeGuaranteedRef { $0.position = -1 }
        count -= 1
        guard position < count else { return timer }
        let last = entries[count]
        if position > 0, last.isBefore(entries[TimerHeap.parent(of: position)]) {
            siftUp(last, from: position)
        } else {
            siftDown(last, from: position)
        }
        return timer
    }

    private static func parent(of position: Int) -> Int { (position - 1) / childrenMax }

    private func place(_ entry: Entry, at position: Int) {
        (entries + position).initialize(to: entry)
        entry.timer._withUnsafeGuaranteedRef { $0.position = position }
    }

    private func siftUp(_ entry: Entry, from start: Int) {
        var position = start
        while position > 0 {
            let parent = TimerHeap.parent(of: position)
            guard entry.isBefore(entries[parent]) else { break }
            place(entries[parent], at: position)
            position = parent
        }
        place(entry, at: position)
    }

    private func siftDown(_ entry: Entry, from start: Int) {
        var position = start
        while let child = firstChild(of: position), entries[child].isBefore(entry) {
            place(entries[child], at: position)
            position = child
        }
        place(entry, at: position)
    }

    /// The child that comes before its siblings, if there is one.
    private func firstChild(of position: Int) -> Int? {
        let start = TimerHeap.childrenMax * position + 1
        guard start < count else { return nil }
        var first = start
        for child in start + 1..<max(start + 1, min(start + TimerHeap.childrenMax, count))
        where entries[child].isBefore(entries[first]) {
            first = child
        }
        return first
    }

    private func grow() {
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: 2 * capacity)
        larger.moveInitialize(from: entries, count: count)
        entries.deallocate()
        entries = larger
        capacity *= 2
    }
}
