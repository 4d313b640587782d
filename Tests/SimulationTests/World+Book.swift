import OrderedCollections
import Supervision

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
}
