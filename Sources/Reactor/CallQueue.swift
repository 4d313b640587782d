internal import LinuxSystem
internal import Synchronization

/// What is to be run in the next batch, in the order in which it was registered.
///
/// A ring of closures that this moves in and out by hand. As a class of plain fields it costs
/// neither a check of exclusive access nor one of unique ownership for each call; a `Deque` in the
/// loop costs both. An entry is known by how many came before it, so that a ``Handle`` to one that
/// is over finds nothing.
final class CallQueue {
    enum Kind {
        case call
        /// A step of a task, which is held by the task; `word` is the job.
        case job
        /// A timer that is due; `word` is its slot.
        case timer
    }

    struct Entry {
        /// `nil` as well for a call that was cancelled.
        var body: (() throws -> Void)?
        /// For a call, where it was registered.
        var word: UInt64
        var kind: Kind
    }

    private var slots: UnsafeMutablePointer<Entry>
    /// The capacity, a power of two, less one.
    private var mask: UInt64 = 63
    private var head: UInt64 = 0
    private var tail: UInt64 = 0
    /// The thread that runs the loop, and alone may touch this; 0 while none does, or there is none.
    let owner = Atomic<UInt>(0)

    init() {
        slots = .allocate(capacity: Int(mask) + 1)
    }

    deinit {
        removeAll()
        slots.deallocate()
    }

    var isEmpty: Bool { head == tail }
    var count: Int { Int(tail - head) }

    /// - Returns: What ``cancel(_:)`` wants to know.
    @discardableResult
    func append(_ body: @escaping () throws -> Void, _ place: Place) -> UInt64 {
        append(Entry(body: body, word: place.raw, kind: .call))
    }

    func append(_ job: UnownedJob) {
        append(Entry(body: nil, word: unsafeBitCast(job, to: UInt64.self), kind: .job))
    }

    func append(timer slot: Int) {
        append(Entry(body: nil, word: UInt64(slot), kind: .timer))
    }

    @discardableResult @inline(__always)
    private func append(_ entry: consuming Entry) -> UInt64 {
        assert(Thread.isCurrent(owner), "called on another thread than the loop's; see post(_:)")
        if tail - head > mask { grow() }
        let position = tail
        (slots + Int(position & mask)).initialize(to: entry)
        tail = position + 1
        return position
    }

    /// - Precondition: There is one.
    @inline(__always)
    func removeFirst() -> Entry {
        let position = head
        head = position + 1
        return (slots + Int(position & mask)).move()
    }

    func isPending(_ position: UInt64) -> Bool {
        position >= head && position < tail && slots[Int(position & mask)].body != nil
    }

    /// Drops the closure at once; does nothing if it has been taken out.
    func cancel(_ position: UInt64) {
        assert(Thread.isCurrent(owner), "cancelled on another thread than the loop's")
        guard position >= head, position < tail else { return }
        slots[Int(position & mask)].body = nil
    }

    func removeAll() {
        while !isEmpty { _ = removeFirst() }
    }

    private func grow() {
        let capacity = Int(mask) + 1
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: 2 * capacity)
        let newMask = 2 * mask + 1
        for position in head..<tail {
            (larger + Int(position & newMask)).moveInitialize(
                from: slots + Int(position & mask),
                count: 1
            )
        }
        slots.deallocate()
        slots = larger
        mask = newMask
    }
}

extension Thread {
    /// Whether `owner` is the calling thread, or nobody.
    static func isCurrent(_ owner: borrowing Atomic<UInt>) -> Bool {
        let thread = owner.load(ordering: .relaxed)
        return thread == 0 || thread == currentID
    }
}
