/// Calls in the order in which they were registered.
///
/// A ring of references that this holds by hand. As a class of plain fields it costs neither a
/// check of exclusive access nor one of unique ownership for each call; a `Deque` in the loop costs
/// both, more than the call itself.
final class CallQueue {
    // As many as a power of two, so that a mask takes the place of a division.
    private var slots: UnsafeMutablePointer<Unmanaged<Handle>>
    private var capacity = 64
    private var head = 0
    private(set) var count = 0

    init() {
        slots = .allocate(capacity: capacity)
    }

    deinit {
        removeAll()
        slots.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    func append(_ call: Handle) {
        if count == capacity { grow() }
        (slots + ((head + count) & (capacity - 1))).initialize(to: .passRetained(call))
        count += 1
    }

    func popFirst() -> Handle? {
        guard count > 0 else { return nil }
        let call = slots[head]
        head = (head + 1) & (capacity - 1)
        count -= 1
        return call.takeRetainedValue()
    }

    func removeAll() {
        while popFirst() != nil {}
    }

    private func grow() {
        let larger = UnsafeMutablePointer<Unmanaged<Handle>>.allocate(capacity: 2 * capacity)
        // The front of the ring is at its head, the rest at the beginning of the storage.
        larger.moveInitialize(from: slots + head, count: capacity - head)
        (larger + (capacity - head)).moveInitialize(from: slots, count: head)
        slots.deallocate()
        slots = larger
        capacity *= 2
        head = 0
    }
}
