internal import LinuxSystem
internal import Logging
internal import OrderedCollections
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// Leaves behind, at any moment, what the next daemon needs if this one is killed.
///
/// What changes with each run is written into the ledger. What changes with the configuration alone
/// is the whole state, as it is handed over when keepd is executed anew; of that, the ledger is then
/// what is newer. Belongs to the supervision loop.
final class Testament {
    private let store: any DescriptorStore
    private let ledger: Ledger
    private let loop: EventLoop
    private let logger: Logger
    private let conductor: Conductor
    private let makeHandover: () -> Handover
    private var isDue = false

    init(
        _ store: any DescriptorStore,
        goingOnWith ledger: Ledger?,
        loop: EventLoop,
        logger: Logger,
        conductor: Conductor,
        makeHandover: @escaping () -> Handover
    ) throws(Errno) {
        self.store = store
        if let ledger { self.ledger = ledger } else { self.ledger = try Ledger() }
        self.loop = loop
        self.logger = logger
        self.conductor = conductor
        self.makeHandover = makeHandover
        let ids = Array(conductor.supervisor.instances.keys)
        for entry in self.ledger.entries where !ids.contains(entry.instance) {
            self.ledger.forget(entry.instance)
        }
        note(ids)
        // Only now, for it takes the place of one in which all of them are.
        if ledger == nil { store.keep(self.ledger.raw, as: .ledger) }
        conductor.onTouch = { [weak self] in self?.note($0) }
    }

    private func note(_ instances: [InstanceID]) {
        for id in instances {
            guard let instance = conductor.supervisor.instances[id] else {
                ledger.forget(id)
                continue
            }
            do {
                try ledger.note(LedgerEntry(instance))
            } catch {
                logger.error("\(instance.name): a crash will not be survived: \(error.reason)")
            }
        }
    }

    func noteEvent(_ number: Int) {
        ledger.lastEvent = number
    }

    /// Writes the state down in the next turn of the loop, with all that changes until then.
    func stateChanged() {
        guard !isDue else { return }
        isDue = true
        loop.callSoon { [weak self] in self?.writeState() }
    }

    private func writeState() {
        isDue = false
        do {
            let file = try MemoryFile.make("keepd-state", sealed: makeHandover().text)
            store.keep(file.raw, as: .state)
        } catch {
            logger.error("a crash will not be survived as it should: \(error.reason)")
        }
    }
}
