internal import LinuxSystem
internal import Synchronization
internal import SystemTypes

/// Timers by deadline, then by order of registration.
///
/// Most timers are far away when they are made, and cancelled before they are near. Those lie in
/// lists: eight rings of 64 buckets each, a bucket of one ring as wide as the whole ring below it,
/// the finest a quarter of a millisecond. When a bucket may hold the first timer of all, its timers
/// go to finer buckets, and from the finest into a heap, which alone knows the exact order. So what is
/// cancelled early never meets the heap, the heap stays small, and ``firstDeadline`` is exact.
final class TimerWheel {
    private struct Bucket {
        /// Its first node; -1 for none.
        var head: Int32 = -1
        /// Which stretch of time it stands for, counted in its ring's widths from zero.
        var number: Int64 = 0
    }

    private static let rings = 8
    private static let finest = 18
    private static let bits = 6
    private static let size = 1 << bits

    private let nodes = TimerSlab()
    private let heap: TimerHeap
    private let buckets: UnsafeMutablePointer<Bucket>
    /// A bit for each bucket of a ring that holds anything.
    private let occupied: UnsafeMutablePointer<UInt64>
    /// No bucket that holds anything begins before; exact after a search.
    private var earliest = Int64.max
    /// As ``CallQueue/owner``.
    let owner = Atomic<UInt>(0)

    init() {
        heap = TimerHeap(of: nodes)
        buckets = .allocate(capacity: TimerWheel.rings * TimerWheel.size)
        buckets.initialize(repeating: Bucket(), count: TimerWheel.rings * TimerWheel.size)
        occupied = .allocate(capacity: TimerWheel.rings)
        occupied.initialize(repeating: 0, count: TimerWheel.rings)
    }

    /// How many there are, those in the queue of calls included.
    var count: Int { nodes.count }

    // MARK: - In and out

    /// - Parameter now: Some moment of late; timers near it go straight into the heap.
    func insert(
        _ body: @escaping () throws -> Void,
        at deadline: Instant,
        every interval: Int64 = 0,
        _ place: Place,
        now: Instant
    ) -> TimerHandle {
        assert(Thread.isCurrent(owner), "called on another thread than the loop's; see post(_:)")
        let deadline = deadline.nanoseconds
        let slot = nodes.insert(body, at: deadline, every: interval, place)
        keep(slot, from: now.nanoseconds)
        return TimerHandle(
            timers: .passUnretained(self),
            slot: slot,
            sequence: nodes[slot].pointee.sequence,
            firstDeadline: Instant(nanoseconds: deadline)
        )
    }

    func deadline(of slot: Int, _ sequence: UInt64) -> Instant? {
        nodes.node(slot, sequence).map { Instant(nanoseconds: $0.pointee.deadline) }
    }

    func isPending(_ slot: Int, _ sequence: UInt64) -> Bool {
        nodes.node(slot, sequence).map { $0.pointee.body != nil } ?? false
    }

    func cancel(_ slot: Int, _ sequence: UInt64) {
        assert(Thread.isCurrent(owner), "cancelled on another thread than the loop's")
        guard let node = nodes.node(slot, sequence) else { return }
        switch node.pointee.home {
        case .heap: heap.remove(slot)
        case .wheel: unlink(node)
        case .queue:
            // The queue has its number, and gives it back.
            node.pointee.body = nil
            return
        case .free: return
        }
        _ = nodes.remove(slot)
    }

    /// The number that the next timer gets.
    var nextSequence: UInt64 { nodes.nextSequence }

    /// Takes out the first timer that is due, if it was registered before `sequence`.
    ///
    /// Those that are due and were registered later are left to `later`.
    func removeFirst(
        dueAt now: Instant,
        before sequence: UInt64,
        later: (_ slot: Int) -> Void
    ) -> Int? {
        while firstDeadline <= now.nanoseconds, heap.count > 0 {
            let slot = heap.removeFirst()
            if nodes[slot].pointee.sequence < sequence { return slot }
            nodes[slot].pointee.home = .queue
            later(slot)
        }
        return nil
    }

    /// The closure of a timer that was taken out, and where it was registered.
    ///
    /// One that repeats is on its way to its next deadline by then.
    func take(_ slot: Int, now: () -> Instant) -> (body: () throws -> Void, Place)? {
        let node = nodes[slot]
        let place = node.pointee.place
        let interval = node.pointee.interval
        guard interval > 0, let body = node.pointee.body else {
            return nodes.remove(slot).map { ($0, place) }
        }
        let now = now().nanoseconds
        let missed = max(0, now - node.pointee.deadline) / interval
        let (next, overflow) = node.pointee.deadline.addingReportingOverflow(
            interval &* (missed &+ 1)
        )
        node.pointee.deadline = overflow ? .max : next
        keep(slot, from: now)
        return (body, place)
    }

    /// - Precondition: The queue of calls is empty.
    func removeAll() {
        // One by one: what a closure held may cancel another timer when it is let go.
        nodes.forEachSlot { slot, node in
            if node.home == .queue { _ = nodes.remove(slot) } else { cancel(slot, node.sequence) }
        }
        nodes.giveBack()
        earliest = .max
    }

    func forEach(_ body: (TimerNode) -> Void) {
        nodes.forEachSlot { body($1) }
    }

    // MARK: - Time

    var first: Instant? {
        let deadline = firstDeadline
        return heap.count > 0 ? Instant(nanoseconds: deadline) : nil
    }

    /// The first deadline of all, `Int64.max` if there is none; the timer is in the heap then.
    private var firstDeadline: Int64 {
        while earliest <= heap.firstDeadline, let bucket = findEarliest() {
            if earliest <= heap.firstDeadline { spread(bucket) }
        }
        return heap.firstDeadline
    }

    /// Puts a timer where it belongs, as seen from `now`.
    private func keep(_ slot: Int, from now: Int64) {
        let node = nodes[slot]
        let (distance, overflow) = node.pointee.deadline.subtractingReportingOverflow(now)
        guard !overflow, distance >= 1 << TimerWheel.finest, now >= 0 else {
            return heap.insert(slot)
        }
        let magnitude = Int64.bitWidth - 1 - distance.leadingZeroBitCount
        link(slot, node, in: (magnitude - TimerWheel.finest) / TimerWheel.bits)
    }

    private func link(_ slot: Int, _ node: TimerSlab.Chunk, in ring: Int) {
        let shift = TimerWheel.finest + ring * TimerWheel.bits
        let number = node.pointee.deadline >> Int64(shift)
        let position = Int(number) & (TimerWheel.size - 1)
        let index = ring * TimerWheel.size + position
        let bucket = buckets + index
        if bucket.pointee.head < 0 {
            bucket.pointee.number = number
            occupied[ring] |= 1 << UInt64(position)
            earliest = min(earliest, number << Int64(shift))
        } else if bucket.pointee.number != number {
            // What is there is late, and has not been looked for yet.
            return heap.insert(slot)
        } else {
            nodes[Int(bucket.pointee.head)].pointee.previous = Int32(truncatingIfNeeded: slot)
        }
        node.pointee.home = .wheel
        node.pointee.bucket = UInt16(truncatingIfNeeded: index)
        node.pointee.previous = -1
        node.pointee.next = bucket.pointee.head
        bucket.pointee.head = Int32(truncatingIfNeeded: slot)
    }

    private func unlink(_ node: TimerSlab.Chunk) {
        let (next, previous) = (node.pointee.next, node.pointee.previous)
        if next >= 0 { nodes[Int(next)].pointee.previous = previous }
        guard previous < 0 else { return nodes[Int(previous)].pointee.next = next }
        let index = Int(node.pointee.bucket)
        buckets[index].head = next
        if next < 0 { clear(index) }
    }

    private func clear(_ index: Int) {
        occupied[index >> TimerWheel.bits] &= ~(1 << UInt64(index & (TimerWheel.size - 1)))
    }

    /// Finds the bucket that begins first, the finest of several; sets `earliest` to its beginning.
    private func findEarliest() -> Int? {
        var found: Int?
        earliest = .max
        for ring in 0..<TimerWheel.rings {
            let shift = Int64(TimerWheel.finest + ring * TimerWheel.bits)
            var bits = occupied[ring]
            while bits != 0 {
                let index = ring * TimerWheel.size + bits.trailingZeroBitCount
                let start = buckets[index].number << shift
                if start < earliest { (earliest, found) = (start, index) }
                bits &= bits - 1
            }
        }
        return found
    }

    /// Moves the timers of a bucket into finer ones, or into the heap.
    private func spread(_ index: Int) {
        let ring = index >> TimerWheel.bits
        var next = buckets[index].head
        buckets[index].head = -1
        clear(index)
        while next >= 0 {
            let slot = Int(next)
            let node = nodes[slot]
            next = node.pointee.next
            if ring == 0 { heap.insert(slot) } else { link(slot, node, in: ring - 1) }
        }
    }
}
