import OrderedCollections
import SystemTypes

/// Starting no faster than the machine can bear.
extension Supervisor {
    mutating func spawn(_ index: Int, _ spawn: Instance.QueuedSpawn) {
        if queue.isEmpty, pace.take(at: now) { return begin(index, spawn) }
        instances.values[index].queued = spawn
        touched.append(instances.values[index].id)
        queue.append(instances.values[index].id)
    }

    /// Makes the spawns whose turn has come.
    mutating func spawnQueued() {
        while let id = queue.first, pace.take(at: now) {
            queue.removeFirst()
            guard let index = instances.index(forKey: id),
                let spawn = instances.values[index].queued
            else { preconditionFailure("no spawn is queued for \(id)") }
            begin(index, spawn)
        }
    }

    /// Takes back a spawn that is not wanted now.
    mutating func withdraw(_ id: InstanceID) {
        queue.removeAll { $0 == id }
        instances[id]?.queued = nil
        apply(.withdrawn, to: id)
    }

    private mutating func begin(_ index: Int, _ spawn: Instance.QueuedSpawn) {
        instances.values[index].beginRun(spawn, at: now)
        touched.append(instances.values[index].id)
        effects.append(.spawn(instances.values[index].incarnation))
    }
}
