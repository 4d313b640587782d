public import LinuxSystem
public import SystemPackage

/// A descriptor that the loop watches, for as long as somebody holds this.
///
/// Some facts about epoll. It watches the open file, not the number: a descriptor that is closed
/// while a duplicate of it lives goes on being reported, under a number that may belong to
/// somebody else by now. And a batch of reports is made at one moment: by the time that the last
/// of them is handled, an earlier callback may have closed its descriptor and opened another with
/// the same number. Hence a report is addressed by slot and generation of the registration, never
/// by the number; and a registration must be cancelled before its descriptor is closed.
public final class Registration {
    private let loop: EventLoop
    let fd: CInt
    let isUrgent: Bool
    private(set) var token: UInt64 = 0
    private var body: ((Epoll.Readiness) -> Void)?
    /// What is watched for; nothing at all stands for "not in epoll".
    private(set) var interest: Epoll.Readiness

    init(
        _ fd: CInt,
        interest: Epoll.Readiness,
        isUrgent: Bool,
        loop: EventLoop,
        _ body: @escaping (Epoll.Readiness) -> Void
    ) throws(Errno) {
        precondition(!loop.isClosed, "the loop is closed")
        assert(loop.isAccessible, "registered on another thread than the loop's")
        self.loop = loop
        self.fd = fd
        self.isUrgent = isUrgent
        self.interest = []
        token = try loop.registrations.insert(self)
        do {
            try change(to: interest)
        } catch {
            loop.registrations.remove(token, fd)
            throw error
        }
        // Last: one that is refused has nothing to cancel when it goes away.
        self.body = body
    }

    /// Watches for something else.
    ///
    /// With nothing to watch for the descriptor is taken out of epoll, which would report hang-ups
    /// all the same, again and again.
    public func watch(for interest: Epoll.Readiness) {
        assert(loop.isAccessible, "changed on another thread than the loop's")
        guard body != nil else { return }
        do {
            try change(to: interest)
        } catch {
            // It was accepted before; what is left are lack of memory and bugs.
            preconditionFailure("epoll_ctl: \(error)")
        }
    }

    private func change(to new: Epoll.Readiness) throws(Errno) {
        guard new != interest else { return }
        if interest.isEmpty {
            try loop.epoll.add(fd, for: new, token: token)
        } else if new.isEmpty {
            try loop.epoll.remove(fd)
        } else {
            try loop.epoll.modify(fd, for: new, token: token)
        }
        interest = new
    }

    /// Ends it; a report that is already on its way is dropped.
    public func cancel() {
        guard body != nil else { return }
        watch(for: [])
        loop.registrations.remove(token, fd)
        body = nil
    }

    deinit {
        cancel()
    }

    func report(_ readiness: Epoll.Readiness) {
        // It may have lost interest since the report was made.
        guard !interest.isEmpty else { return }
        body?(readiness)
    }
}

/// Registrations by token: a slot in the lower half, the slot's generation in the upper one.
struct RegistrationTable {
    private struct Slot {
        var generation: UInt32
        unowned var registration: Registration?
    }

    /// Belongs to no slot, for there cannot be so many.
    static let wakeUpToken = UInt64.max

    private var slots: [Slot] = []
    private var free: [Int] = []
    /// Those that have one, in epoll or not: who has a descriptor has it alone.
    private var descriptors: Set<CInt> = []

    /// Whether any descriptor is in epoll; looks at all of them.
    var isWatching: Bool {
        slots.contains { $0.registration.map { !$0.interest.isEmpty } ?? false }
    }

    /// Those that are held by somebody.
    var all: [Registration] { slots.compactMap(\.registration) }

    /// `nil` for a token of the past.
    subscript(token: UInt64) -> Registration? {
        let slot = slots[Int(UInt32(truncatingIfNeeded: token))]
        return slot.generation == UInt32(token >> 32) ? slot.registration : nil
    }

    /// - Throws: `.fileExists` if its descriptor has one already.
    mutating func insert(_ registration: Registration) throws(Errno) -> UInt64 {
        guard descriptors.insert(registration.fd).inserted else { throw .fileExists }
        let index = free.popLast() ?? slots.count
        if index == slots.count { slots.append(Slot(generation: 0, registration: nil)) }
        slots[index].registration = registration
        return UInt64(slots[index].generation) << 32 | UInt64(index)
    }

    mutating func remove(_ token: UInt64, _ fd: CInt) {
        descriptors.remove(fd)
        let index = Int(UInt32(truncatingIfNeeded: token))
        slots[index].generation &+= 1
        slots[index].registration = nil
        free.append(index)
    }
}

extension EventLoop {
    /// Watches a descriptor, which stays the caller's.
    ///
    /// - Parameters:
    ///   - isUrgent: Reported before those that are not.
    ///   - body: Called in each iteration in which it is ready.
    /// - Throws: `.notPermitted` for a regular file, which is always ready; `.fileExists` for a
    ///   descriptor that this loop watches, or a transport has that is paused.
    public func register(
        _ fd: CInt,
        for interest: Epoll.Readiness,
        isUrgent: Bool = false,
        _ body: @escaping (Epoll.Readiness) -> Void
    ) throws(Errno) -> Registration {
        try Registration(fd, interest: interest, isUrgent: isUrgent, loop: self, body)
    }
}
