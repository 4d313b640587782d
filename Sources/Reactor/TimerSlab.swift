internal import LinuxSystem

/// One timer, in one cache line.
struct TimerNode {
    enum Home: UInt16 {
        case free
        case heap
        case wheel
        /// It is due, and waits in the queue of calls.
        case queue
    }

    /// `nil` while it is free, and after a cancellation in the queue.
    var body: (() throws -> Void)?
    /// In nanoseconds, as all times here.
    var deadline: Int64
    /// The order of registration; also what makes it another one than the slot had before.
    var sequence: UInt64
    var place: Place
    /// 0 for one that runs once.
    var interval: Int64
    // In the wheel and while it is free; -1 for none. In the heap `next` is its position.
    var next: Int32
    var previous: Int32
    var home: Home
    /// Of the wheel.
    var bucket: UInt16
}

/// Nodes by number; they never move, and take no allocation each.
///
/// The memory of the first comes in small pieces, that of many in huge pages: to have it brought in
/// took two fifths of the time of a million timers.
final class TimerSlab {
    typealias Chunk = UnsafeMutablePointer<TimerNode>

    private static let shift = 10
    private static let chunkSize = 1 << shift
    private static let chunksPerPage = HugePage.size / (chunkSize * MemoryLayout<TimerNode>.stride)

    private var chunks: UnsafeMutablePointer<Chunk>
    private var chunkCount = 0
    private var chunkCapacity = 16
    /// Where those begin that have never been used.
    private var unused = 0
    private var firstFree: Int32 = -1
    private(set) var nextSequence: UInt64 = 0
    /// How many are in use.
    private(set) var count = 0

    init() {
        chunks = .allocate(capacity: chunkCapacity)
    }

    @inline(__always)
    subscript(slot: Int) -> Chunk {
        chunks[slot >> TimerSlab.shift] + (slot & (TimerSlab.chunkSize - 1))
    }

    /// `nil` for one of the past.
    @inline(__always)
    func node(_ slot: Int, _ sequence: UInt64) -> Chunk? {
        guard slot < unused else { return nil }
        let node = self[slot]
        return node.pointee.sequence == sequence && node.pointee.home != .free ? node : nil
    }

    /// The node is in the heap for now, and its links are not set.
    func insert(
        _ body: @escaping () throws -> Void,
        at deadline: Int64,
        every interval: Int64,
        _ place: Place
    ) -> Int {
        let slot: Int
        if firstFree >= 0 {
            slot = Int(firstFree)
            firstFree = self[slot].pointee.next
        } else {
            if unused == chunkCount << TimerSlab.shift { grow() }
            slot = unused
            unused += 1
        }
        self[slot].initialize(
            to: TimerNode(
                body: body,
                deadline: deadline,
                sequence: nextSequence,
                place: place,
                interval: interval,
                next: -1,
                previous: -1,
                home: .heap,
                bucket: 0
            )
        )
        nextSequence += 1
        count += 1
        return slot
    }

    /// - Returns: The closure that it still had, to be let go when all is in order again.
    func remove(_ slot: Int) -> (() throws -> Void)? {
        let node = self[slot]
        let body = node.pointee.body.take()
        node.pointee.home = .free
        node.pointee.next = firstFree
        firstFree = Int32(slot)
        count -= 1
        return body
    }

    func forEachSlot(_ body: (Int, TimerNode) -> Void) {
        for slot in 0..<unused where self[slot].pointee.home != .free {
            body(slot, self[slot].pointee)
        }
    }

    /// Gives the memory back; sequence numbers go on, so that old handles find nothing.
    func giveBack() {
        precondition(count == 0, "a timer was made while all were given up")
        let perPage = TimerSlab.chunksPerPage
        for index in 0..<chunkCount where index < perPage || index % perPage == 0 {
            chunks[index].deallocate()
        }
        (chunkCount, unused, firstFree) = (0, 0, -1)
    }

    private func grow() {
        guard chunkCount >= TimerSlab.chunksPerPage else {
            return append(.allocate(capacity: TimerSlab.chunkSize))
        }
        let page = HugePage.allocate()
            .bindMemory(
                to: TimerNode.self,
                capacity: TimerSlab.chunksPerPage * TimerSlab.chunkSize
            )
        for index in 0..<TimerSlab.chunksPerPage { append(page + index * TimerSlab.chunkSize) }
    }

    private func append(_ chunk: Chunk) {
        if chunkCount == chunkCapacity {
            let larger = UnsafeMutablePointer<Chunk>.allocate(capacity: 2 * chunkCapacity)
            larger.moveInitialize(from: chunks, count: chunkCount)
            chunks.deallocate()
            chunks = larger
            chunkCapacity *= 2
        }
        (chunks + chunkCount).initialize(to: chunk)
        chunkCount += 1
    }
}
