internal import SystemTypes

/// Timers by deadline, then by order of registration.
///
/// A binary heap whose entries know their place: one that is cancelled is taken out at once, and a
/// million that are cancelled leave nothing behind. swift-collections' heap cannot do that.
struct TimerHeap {
    private var entries: [TimerHandle] = []
    private var nextSequence: UInt64 = 0

    var first: Instant? { entries.first?.deadline }
    var count: Int { entries.count }

    mutating func insert(_ timer: TimerHandle) {
        timer.sequence = nextSequence
        nextSequence += 1
        entries.append(timer)
        timer.position = entries.count - 1
        siftUp(from: entries.count - 1)
    }

    /// Does nothing if it is not there any more.
    mutating func remove(_ timer: TimerHandle) {
        guard let position = timer.position else { return }
        precondition(entries[position] === timer, "a timer of another loop")
        timer.position = nil
        let last = entries.removeLast()
        guard last !== timer else { return }
        place(last, at: position)
        siftUp(from: position)
        siftDown(from: position)
    }

    /// Takes out, in order, what is due.
    mutating func removeAll(dueAt now: Instant, _ body: (TimerHandle) -> Void) {
        while let timer = entries.first, timer.deadline <= now {
            remove(timer)
            body(timer)
        }
    }

    /// Forgets all; they can be removed once more all the same.
    mutating func removeAll() {
        for timer in entries { timer.position = nil }
        entries = []
    }

    private mutating func place(_ timer: TimerHandle, at position: Int) {
        entries[position] = timer
        timer.position = position
    }

    private mutating func siftUp(from start: Int) {
        var position = start
        let timer = entries[position]
        while position > 0 {
            let parent = (position - 1) / 2
            guard timer.isBefore(entries[parent]) else { break }
            place(entries[parent], at: position)
            position = parent
        }
        place(timer, at: position)
    }

    private mutating func siftDown(from start: Int) {
        var position = start
        let timer = entries[position]
        while true {
            var child = 2 * position + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) {
                child += 1
            }
            guard entries[child].isBefore(timer) else { break }
            place(entries[child], at: position)
            position = child
        }
        place(timer, at: position)
    }
}
