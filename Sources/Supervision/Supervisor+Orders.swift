import OrderedCollections
import SystemTypes

extension Supervisor {
    mutating func begin() {
        guard stage == .serving, !hasBegun else { return }
        hasBegun = true
        for program in programs.values where program.startsByItself {
            for id in program.instances { start(id, by: .keepd) }
        }
    }

    mutating func obey(_ order: Order, _ id: InstanceID, by requester: Requester) {
        guard let instance = instances[id] else { preconditionFailure("no such instance: \(id)") }
        // An order that comes after the last one is refused where it is given; here it is void.
        // So is one for what goes for good.
        guard stage == .serving, !instance.isRetiring else { return }
        switch order {
        case .signal(let signal):
            guard instance.machine.process != nil else { return }
            effects.append(.signal(instance.incarnation, signal, .process))
        case .start:
            start(id, by: requester)
        case .stop:
            noteStop(of: id, .stopped(by: requester))
            apply(.leave, to: id)
        case .restart:
            noteStop(of: id, .stopped(by: requester))
            apply(.stop, to: id)
            start(id, by: requester)
        }
    }

    mutating func scale(_ name: String, to count: Int, by requester: Requester) {
        guard stage == .serving else { return }
        resize(name, to: count, by: requester)
    }

    mutating func enable(_ name: String, _ isEnabled: Bool) {
        programs[name]?.program.autostart = isEnabled
        updateTimetables(changed: [name])
    }

    mutating func filesChanged(_ name: String) {
        guard stage == .serving else { return }
        for id in programs[name]?.instances ?? [] { renew(id, by: .keepd) }
    }

    /// Starts an instance, and before it whatever it needs and is not up.
    mutating func start(_ id: InstanceID, by requester: Requester) {
        var visited: Set<Dependency> = []
        startNeeds(of: id.program, by: requester, &visited)
        startAlone(id, by: requester)
    }

    private mutating func startAlone(_ id: InstanceID, by requester: Requester) {
        instances[id]?.starter = requester
        if instances[id]?.queued != nil {
            // It is an order now, and waits for what it needs, which restarts do not.
            instances[id]?.queued = Instance.QueuedSpawn(isRestart: false)
            affected.append(id.program)
        }
        apply(.start, to: id)
    }

    private mutating func startNeeds(
        of program: String,
        by requester: Requester,
        _ visited: inout Set<Dependency>
    ) {
        // One program may be needed in several ways, and each may call for a start.
        for need in programs[program]?.needs ?? [] where visited.insert(need).inserted {
            let wanting = programs[need.program]?.instances.filter { wantsStart($0, need) } ?? []
            guard !wanting.isEmpty else { continue }
            startNeeds(of: need.program, by: requester, &visited)
            for id in wanting where instances[id]?.machine.state != .waiting {
                startAlone(id, by: requester)
            }
        }
    }

    /// Whether whoever has that need cannot have it met by waiting.
    private func wantsStart(_ id: InstanceID, _ need: Dependency) -> Bool {
        guard let instance = instances[id], !instance.isRetiring else { return false }
        switch instance.machine.state {
        case .stopped, .exited, .fatal: return !instance.meets(need.condition)
        // It may wait for something that was stopped meanwhile.
        case .waiting: return true
        case .backoff: return false
        case .spawning, .starting, .running, .preparing, .stopping, .killing, .outlived,
            .clearing:
            return instance.machine.goal != .up
        }
    }

    /// Writes down why a run is about to be stopped; only the first who stops it has stopped it.
    ///
    /// But whoever wants it down comes before what it only makes way for.
    mutating func noteStop(of id: InstanceID, _ cause: Cause) {
        guard let instance = instances[id] else { return }
        guard instance.machine.goal == .up || instance.machine.goal == .held else { return }
        if instance.machine.phase == .stopping {
            guard case .dependency = instance.stopCause else { return }
        }
        instances[id]?.stopCause = cause
    }
}
