internal import LinuxSystem
internal import Logging
internal import Reactor
internal import SystemPackage

/// Who keeps things for the daemon that comes after this one, and what was kept for this one.
struct Inheritance {
    /// `nil` where nobody does.
    let store: (any DescriptorStore)?
    /// To the service manager, if there is one.
    let channel = ServiceChannel()
    /// The store, if that is a process of our own.
    let holder: HolderStore?
    let kept: KeptDescriptors
    /// In which this daemon goes on writing; `nil` if there is none, or none of use.
    let ledger: Ledger?

    /// Of a process that was started as one.
    ///
    /// - Parameter passed: What the service manager has kept.
    init(passed: KeptDescriptors) {
        holder = HolderStore.inherited()
        kept = holder?.takeKept() ?? passed
        store = holder ?? Inheritance.manager(channel, keeping: kept.names)
        ledger = Inheritance.ledger(in: kept)
    }

    /// Of a process in which there has been a daemon, whose descriptors stay where they are.
    init(of handover: Handover) {
        holder = HolderStore.inherited()
        kept = KeptDescriptors()
        let names = handover.stored.compactMap { DescriptorName($0) }
        store = holder ?? Inheritance.manager(channel, keeping: Set(names))
        ledger = nil
    }

    private static func manager(
        _ channel: ServiceChannel?,
        keeping names: Set<DescriptorName>
    ) -> SystemdStore? {
        ServiceUnit.hasStore ? channel.map { SystemdStore($0, keeping: names) } : nil
    }

    private static func ledger(in kept: KeptDescriptors) -> Ledger? {
        guard let file = kept.take(.ledger) else { return nil }
        return try? Ledger(adopting: file)
    }

    /// What a daemon that has crashed had no time to hand over.
    func salvage() -> Parcel? {
        ledger.flatMap { Salvage.parcel(from: kept, $0, exits: holder?.earlierExits ?? []) }
    }

    /// What nobody has taken is kept no longer.
    func forgetTheRest() {
        for name in kept.names { store?.forget(name) }
    }
}
