import OrderedCollections
import Supervision
import SystemTypes

/// A crash may come between any two events, and what is written down for the daemon after it has to
/// be what is.
extension World {
    /// From now on writes down what supervision says may have changed, and nothing else.
    func writeBook() {
        conductor.onTouch = { [unowned self] touched in
            for id in touched {
                book[id] = conductor.supervisor.instances[id].map { LedgerEntry($0).words }
            }
        }
    }

    func keepBook(_ instance: Instance) {
        // What is missed once stays wrong until the next change, and this takes its time.
        guard steps % 8 == 0 else { return }
        let isNew = instance.incarnation.serial == 0 && instance.lastEnd == nil
        guard let words = book[instance.id] else {
            return promise(isNew, "\(instance.name): nothing is written down")
        }
        let entry = LedgerEntry(words)
        promise(
            entry == LedgerEntry(instance),
            "\(instance.name): \(String(describing: entry)) is written down"
        )
    }

    /// A state of long ago and the book make what is.
    func keepSurvival() {
        guard steps % 4 == 0 else { return }
        var state = Supervisor(configuration, seed: supervisorSeed, at: .zero).state
        state.catchUp(with: book.values.compactMap(LedgerEntry.init), at: now)
        let supervisor = Supervisor(restoring: state, at: now)
        for (id, instance) in conductor.supervisor.instances where book[id] != nil {
            promise(
                supervisor.instances[id].map(LedgerEntry.init) == LedgerEntry(instance),
                "\(instance.name): it does not survive a crash"
            )
        }
    }
}
