/// The slots of timers by deadline, then by order of registration.
///
/// A heap whose timers know their place: one that is cancelled is taken out at once. The keys lie
/// in the heap itself, four children side by side: to compare two of them touches no timer, and
/// half as many levels are crossed as with two.
final class TimerHeap {
    private struct Entry {
        let deadline: Int64
        /// The order of registration.
        let sequence: UInt64
        let slot: Int

        func isBefore(_ other: Entry) -> Bool {
            deadline == other.deadline ? sequence < other.sequence : deadline < other.deadline
        }
    }

    private static let childrenMax = 4

    private let nodes: TimerSlab
    private var entries: UnsafeMutablePointer<Entry>
    private var capacity = 64
    private(set) var count = 0

    init(of nodes: TimerSlab) {
        self.nodes = nodes
        entries = .allocate(capacity: capacity)
    }

    /// `Int64.max` if it is empty.
    var firstDeadline: Int64 { count > 0 ? entries[0].deadline : .max }

    func insert(_ slot: Int) {
        if count == capacity { grow() }
        let node = nodes[slot]
        node.pointee.home = .heap
        count += 1
        siftUp(
            Entry(deadline: node.pointee.deadline, sequence: node.pointee.sequence, slot: slot),
            from: count - 1
        )
    }

    func remove(_ slot: Int) {
        remove(at: Int(nodes[slot].pointee.next))
    }

    /// - Precondition: There is one.
    func removeFirst() -> Int {
        let slot = entries[0].slot
        remove(at: 0)
        return slot
    }

    private func remove(at position: Int) {
        count -= 1
        guard position < count else { return }
        let last = entries[count]
        if position > 0, last.isBefore(entries[TimerHeap.parent(of: position)]) {
            siftUp(last, from: position)
        } else {
            siftDown(last, from: position)
        }
    }

    private static func parent(of position: Int) -> Int { (position - 1) / childrenMax }

    private func place(_ entry: Entry, at position: Int) {
        (entries + position).initialize(to: entry)
        nodes[entry.slot].pointee.next = Int32(truncatingIfNeeded: position)
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
        var child = start + 1
        let end = min(start + TimerHeap.childrenMax, count)
        while child < end {
            if entries[child].isBefore(entries[first]) { first = child }
            child += 1
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
