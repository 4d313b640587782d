/// What is to be run in the next batch, in the order in which it was registered.
///
/// A ring of references that this holds by hand. As a class of plain fields it costs neither a
/// check of exclusive access nor one of unique ownership for each call; a `Deque` in the loop costs
/// both, more than the call itself.
final class CallQueue {
    enum Entry {
        /// Holds the handle; whoever takes the entry out releases it.
        case call(Unmanaged<Handle>)
        /// A step of a task, which is held by the task.
        case job(UnownedJob)
    }

    private var slots: UnsafeMutablePointer<Entry>
    /// A power of two, so that a mask takes the place of a division.
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
        append(.call(.passRetained(call)))
    }

    func append(_ job: UnownedJob) {
        append(.job(job))
    }

    private func append(_ entry: Entry) {
        if count == capacity { grow() }
        (slots + ((head + count) & (capacity - 1))).initialize(to: entry)
        count += 1
    }

    func popFirst() -> Entry? {
        guard count > 0 else { return nil }
        let entry = slots[head]
        head = (head + 1) & (capacity - 1)
        count -= 1
        return entry
    }

    func removeAll() {
        while let entry = popFirst() {
            if case .call(let call) = entry { call.release() }
        }
    }

    private func grow() {
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: 2 * capacity)
        // The front of the ring is at its head, the rest at the beginning of the storage.
        larger.moveInitialize(from: slots + head, count: capacity - head)
        (larger + (capacity - head)).moveInitialize(from: slots, count: head)
        slots.deallocate()
        slots = larger
        capacity *= 2
        head = 0
    }
}
