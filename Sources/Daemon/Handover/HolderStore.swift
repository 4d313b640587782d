internal import LinuxSystem
internal import Logging
internal import Reactor
internal import SystemPackage
internal import SystemTypes

/// Has keepd-holder keep descriptors, and learns from it how processes ended that it has reaped.
///
/// Belongs to the supervision loop.
final class HolderStore: DescriptorStore {
    private static let slotsMax = 65_536

    private let link: HolderLink
    private var slots: [DescriptorName: Int]
    /// Lower ones that are free again.
    private var free: [Int]
    private var slotsUsed: Int
    private var exitsRead: UInt64
    private var registration: Registration?
    private var logger: Logger?
    private var isThere = true
    /// Has said once that there is no room.
    private var hasOverflown = false
    /// What it had reaped before.
    let earlierExits: [HolderLink.Exit]
    /// Called for each process that the holder reaps.
    private var onExit: ((HolderLink.Exit) -> Void)?

    /// - Returns: `nil` if no holder has started this process.
    static func inherited() -> HolderStore? {
        guard let variable = ProcessEnvironment.variables[HolderLink.variable],
            let link = HolderLink(variable: variable)
        else { return nil }
        return HolderStore(link)
    }

    private init(_ link: consuming HolderLink) {
        let kept = link.kept.map { (name: DescriptorName($0.name), slot: $0.slot) }
        slots = Dictionary(kept.compactMap { slot in slot.name.map { ($0, slot.slot) } }) {
            first,
            _ in first
        }
        slotsUsed = (kept.map(\.slot).max() ?? -1) + 1
        free = Array(Set(0..<slotsUsed).subtracting(slots.values))
        (earlierExits, exitsRead) = link.exits(from: 0)
        self.link = link
    }

    deinit {
        registration?.cancel()
    }

    /// What it has kept for this process, which takes it over; to be called once, and not by one
    /// that was executed anew.
    func takeKept() -> KeptDescriptors {
        KeptDescriptors(adopting: link.takeKept().map { (DescriptorName($0.name), $0.raw) })
    }

    /// How the daemon before this one ended; `nil` if there was none.
    var lastEnd: HolderLink.Exit? { link.last }

    /// From now on hears of ends.
    func listen(
        on loop: EventLoop,
        logger: Logger,
        onExit: @escaping (HolderLink.Exit) -> Void
    ) throws(Errno) {
        self.logger = logger
        self.onExit = onExit
        registration = try loop.register(link.raw, for: .read) { [weak self] _ in self?.hear() }
        // What came before that is not told again.
        hear()
    }

    var process: ProcessID? { isThere ? link.process : nil }

    // MARK: - Keeping

    var names: Set<DescriptorName> { Set(slots.keys) }

    func keep(_ descriptor: CInt, as name: DescriptorName) {
        guard isThere, let slot = slots[name] ?? nextSlot() else { return }
        slots[name] = slot
        tell { (link) throws(Errno) in
            try link.keep(descriptor, as: name.description, in: slot)
        }
    }

    func forget(_ name: DescriptorName) {
        guard let slot = slots.removeValue(forKey: name) else { return }
        free.append(slot)
        tell { (link) throws(Errno) in try link.forget(slot) }
    }

    /// Its descriptors, for a process that executes another program.
    var carried: [CInt] { link.descriptors }

    /// From now on an end of this process is meant.
    func serve() {
        tell { (link) throws(Errno) in try link.serve() }
    }

    /// It is to end, and so is the next one if it comes to that.
    func end() {
        tell { (link) throws(Errno) in try link.end() }
    }

    private func nextSlot() -> Int? {
        if let slot = free.popLast() { return slot }
        guard slotsUsed < HolderStore.slotsMax else {
            if !hasOverflown { logger?.warning("keepd-holder can keep no more descriptors") }
            hasOverflown = true
            return nil
        }
        defer { slotsUsed += 1 }
        return slotsUsed
    }

    private func tell(_ order: (borrowing HolderLink) throws(Errno) -> Void) {
        guard isThere else { return }
        do {
            try order(link)
        } catch .brokenPipe {
            lose("it has ended")
        } catch {
            lose(error.reason)
        }
    }

    // MARK: - Hearing

    private func hear() {
        guard isThere else { return }
        let isStillThere = link.hear()
        let (exits, next) = link.exits(from: exitsRead)
        exitsRead = next
        for exit in exits { onExit?(exit) }
        if !isStillThere { lose("it has ended") }
    }

    private func lose(_ reason: String) {
        isThere = false
        registration?.cancel()
        logger?.error("keepd-holder is lost: \(reason); a crash of keepd will not be survived")
    }
}
