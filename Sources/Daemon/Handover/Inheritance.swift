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

    /// - Parameters:
    ///   - isExecutedAnew: Whether there is a daemon in this process already, whose descriptors stay
    ///     where they are.
    ///   - serviceKept: What the service manager has kept.
    init(isExecutedAnew: Bool, serviceKept: KeptDescriptors) {
        holder = HolderStore.inherited()
        if let holder {
            store = holder
            kept = isExecutedAnew ? KeptDescriptors() : holder.takeKept()
        } else {
            let names = isExecutedAnew ? nil : serviceKept.names
            store = SystemdStore.isOffered ? channel.map { SystemdStore($0, keeping: names) } : nil
            kept = serviceKept
        }
        ledger = Inheritance.ledger(in: kept)
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
