import HeapModule
import SystemTypes

/// Who wants to be woken, and when.
///
/// An entry is never taken out when its owner changes its mind: it is recognised as stale, by
/// asking the owner, when it has come to the front. Stale entries behind the front are counted
/// out from time to time, lest a far deadline that is set again and again fill the memory.
struct Deadlines: Sendable {
    private struct Entry: Comparable, Hashable {
        let at: Instant
        let id: InstanceID

        /// What is due at one instant has an order too, so that nothing depends on how the heap has
        /// come to be.
        static func < (left: Entry, right: Entry) -> Bool {
            if left.at != right.at { return left.at < right.at }
            return (left.id.program, left.id.number) < (right.id.program, right.id.number)
        }
    }

    private var heap = Heap<Entry>()
    /// Grown beyond this, the heap is built anew from what is not stale.
    private var countMax = Deadlines.countMin

    private static let countMin = 64

    /// The earliest deadline, once ``dropStale(current:)`` has been called.
    var first: Instant? { heap.min?.at }

    /// Stale ones included.
    var count: Int { heap.count }

    mutating func insert(_ id: InstanceID, at instant: Instant) {
        heap.insert(Entry(at: instant, id: id))
    }

    /// Takes out one that is due, if there is one.
    ///
    /// - Parameter current: What an instance is waiting for now.
    mutating func popDue(at now: Instant, current: (InstanceID) -> Instant?) -> InstanceID? {
        dropStale(current: current)
        guard let entry = heap.min, entry.at <= now else { return nil }
        heap.removeMin()
        return entry.id
    }

    mutating func dropStale(current: (InstanceID) -> Instant?) {
        while let entry = heap.min, current(entry.id) != entry.at { heap.removeMin() }
        guard heap.count > countMax else { return }
        heap = Heap(Set(heap.unordered.filter { current($0.id) == $0.at }))
        countMax = max(Deadlines.countMin, 2 * heap.count)
    }
}
