internal import ControlProtocol
internal import LinuxSystem
internal import OrderedCollections
internal import Supervision
internal import SystemTypes

/// Which instances there are, as those who follow events know it.
extension ControlService {
    /// The names of all instances that there are now.
    static func names(in supervisor: Supervisor) -> [InstanceID: String] {
        Dictionary(
            uniqueKeysWithValues: supervisor.roster.compactMap { id in
                supervisor.instances[id].map { (id, $0.name) }
            }
        )
    }

    /// Tells of instances that have come or gone since it was last asked; one that is called
    /// something else from now on has done both.
    func rosterChanged() {
        let (past, present) = (told, ControlService.names(in: conductor.supervisor))
        guard past != present else { return }
        told = present
        for (id, name) in past.sorted(by: { $0.value < $1.value }) where present[id] != name {
            tell("removed", id, name, instance(id))
        }
        for (id, name) in present.sorted(by: { $0.value < $1.value }) where past[id] != name {
            tell("added", id, name, instance(id))
        }
        tellFollowersSoon()
    }

    private func tell(_ kind: String, _ id: InstanceID, _ name: String, _ instance: Instance?) {
        appendEvent(id) { number in
            var event = Control.Event(
                number: number,
                at: WallTime.now.rfc3339,
                kind: kind,
                name: name,
                state: instance.map { State($0.machine.phase) } ?? .stopped,
                message: kind
            )
            event.pid = instance?.machine.process.map { Int($0.rawValue) }
            return event
        }
    }
}
