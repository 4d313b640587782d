import OrderedCollections
import SystemTypes

/// Instances that are restarted one after the other, so that the others serve meanwhile.
struct RollingRestart: Sendable, Codable {
    var remaining: [InstanceID]
    let requester: Requester
    /// The run of it that has to be ready before the next has its turn.
    var awaited: Incarnation?
}

extension Supervisor {
    mutating func roll(_ ids: [InstanceID], by requester: Requester) {
        guard stage == .serving else { return }
        rolling.append(RollingRestart(remaining: ids, requester: requester))
    }

    /// Takes the rolling restarts as far as they go now.
    mutating func advanceRolling() {
        guard stage == .serving else { return rolling.removeAll() }
        for index in rolling.indices.reversed() {
            while let isOver = advance(index), !isOver {}
            if rolling[index].remaining.isEmpty, rolling[index].awaited == nil {
                rolling.remove(at: index)
            }
        }
    }

    /// - Returns: Whether it is over; `nil` if it has to wait.
    private mutating func advance(_ index: Int) -> Bool? {
        if let awaited = rolling[index].awaited {
            guard let instance = instances[awaited.instance] else { return end(index) }
            switch instance.machine.phase {
            case .running where instance.incarnation.serial >= awaited.serial: break
            case .exited where instance.hasCompleted: break
            case .stopped, .backoff, .exited, .fatal: return end(index)
            case .waiting, .starting, .running, .stopping: return nil
            }
            rolling[index].awaited = nil
        }
        guard !rolling[index].remaining.isEmpty else { return true }
        let id = rolling[index].remaining.removeFirst()
        guard let instance = instances[id] else { return false }
        // What is spawned now is the restarted run; nothing has to end for it.
        let isNew = instance.machine.state == .spawning && instance.queued == nil
        rolling[index].awaited = Incarnation(
            instance: id,
            serial: instance.incarnation.serial + (isNew ? 0 : 1)
        )
        obey(.restart, id, by: rolling[index].requester)
        return nil
    }

    /// One that does not come up again ends it, and the others stay as they are.
    private mutating func end(_ index: Int) -> Bool {
        (rolling[index].remaining, rolling[index].awaited) = ([], nil)
        return true
    }
}
