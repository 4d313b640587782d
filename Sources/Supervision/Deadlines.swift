import HeapModule
import SystemTypes

/// Who wants to be woken next.
///
/// An entry is never taken out when its owner changes its mind: it is recognised as stale, by
/// asking the owner, when it has come to the front.
struct Deadlines: Sendable {
    private struct Entry: Comparable {
        let at: Instant
        let id: InstanceID

        static func < (left: Entry, right: Entry) -> Bool { left.at < right.at }
    }

    private var heap = Heap<Entry>()

    /// The earliest deadline, once ``dropStale(current:)`` has been called.
    var first: (at: Instant, id: InstanceID)? {
        heap.min.map { ($0.at, $0.id) }
    }

    mutating func insert(_ id: InstanceID, at instant: Instant) {
        heap.insert(Entry(at: instant, id: id))
    }

    mutating func removeFirst() {
        heap.removeMin()
    }

    /// - Parameter current: What an instance is waiting for now.
    mutating func dropStale(current: (InstanceID) -> Instant?) {
        while let entry = heap.min, current(entry.id) != entry.at {
            heap.removeMin()
        }
    }
}
