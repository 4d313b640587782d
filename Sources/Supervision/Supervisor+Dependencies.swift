import OrderedCollections

/// Who may start, and who has to go first.
extension Supervisor {
    /// Lets everyone go on whom the changes concern, until that changes nothing more.
    mutating func arrange() {
        var next = 0
        while next < affected.count {
            let name = affected[next]
            next += 1
            guard let program = programs[name] else { continue }
            for dependent in program.neededBy { considerAll(of: dependent.program) }
            considerAll(of: name)
            for need in program.needs { considerAll(of: need.program) }
        }
        affected.removeAll(keepingCapacity: true)
    }

    private mutating func considerAll(of program: String) {
        guard let membership = programs[program] else { return }
        for id in (membership.instances + membership.surplus).reversed() { consider(id) }
    }

    private mutating func consider(_ id: InstanceID) {
        guard let machine = instances[id]?.machine else { return }
        if let queued = instances[id]?.queued {
            // A restart by the policy waits for nobody.
            guard machine.goal == .up, queued.isRestart || mayStart(id) else { return withdraw(id) }
        }
        switch machine.goal {
        case .up where machine.state == .waiting: considerStart(of: id)
        case .up: considerHolding(id, machine)
        case .held: considerMakingWay(of: id, machine)
        case .leaving where !isNeeded(id.program): apply(.stop, to: id)
        case .leaving, .down, .gone: break
        }
    }

    private mutating func considerStart(of id: InstanceID) {
        if let failed = failedNeed(of: id.program) {
            let end = RunRecord.End(at: now, cause: .dependency(failed), status: nil)
            apply(.dependencyFailed, to: id, ended: end)
        } else if mayStart(id) {
            apply(.free, to: id)
        }
    }

    private mutating func considerHolding(_ id: InstanceID, _ machine: ProcessMachine) {
        guard !machine.isAtRest || machine.phase == .backoff, departingNeed(of: id.program) != nil
        else { return }
        apply(.hold, to: id)
        consider(id)
    }

    private mutating func considerMakingWay(of id: InstanceID, _ machine: ProcessMachine) {
        guard let need = departingNeed(of: id.program) else { return apply(.release, to: id) }
        guard machine.process != nil, machine.phase != .stopping, !isNeeded(id.program) else {
            return
        }
        instances[id]?.stopCause = .dependency(need)
        apply(.makeWay, to: id)
    }

    // MARK: - Questions

    func mayStart(_ id: InstanceID) -> Bool {
        guard let needs = programs[id.program]?.needs else { return false }
        return needs.allSatisfy { isMet($0) } && departingNeed(of: id.program) == nil
    }

    func isMet(_ need: Dependency) -> Bool {
        programs[need.program]?.instances.allSatisfy {
            instances[$0]?.meets(need.condition) ?? false
        } ?? false
    }

    /// A program without which this one cannot go on, and that is to be stopped.
    ///
    /// One that has to be completed before is not needed any more once it is.
    private func departingNeed(of program: String) -> String? {
        programs[program]?.needs.first { need in
            need.condition != .completed && isDeparting(need.program)
        }?.program
    }

    private func isDeparting(_ program: String) -> Bool {
        programs[program]?.instances.contains { id in
            // What only waits for its turn is taken back at once, and takes nobody with it.
            guard let instance = instances[id], instance.queued == nil else { return false }
            return switch instance.machine.goal {
            case .up: false
            case .held, .leaving, .down, .gone: !instance.machine.isAtRest
            }
        } ?? false
    }

    /// Whether something is there that has to make way before this one may be stopped.
    private func isNeeded(_ program: String) -> Bool {
        dependents(of: program).contains { !$0.machine.isAtRest }
    }

    private func dependents(of program: String) -> [Instance] {
        programs[program]?.neededBy.filter { $0.condition != .completed }.flatMap { dependent in
            let membership = programs[dependent.program]
            let ids = (membership?.instances ?? []) + (membership?.surplus ?? [])
            return ids.compactMap { instances[$0] }
        } ?? []
    }

    private func failedNeed(of program: String) -> String? {
        programs[program]?.needs.first { need in
            programs[need.program]?.instances.contains { id in
                guard let instance = instances[id] else { return false }
                return instance.hasFailedForGood && !instance.meets(need.condition)
            } ?? false
        }?.program
    }

    /// Whom an instance waits for, by name.
    ///
    /// For a start these are programs that it needs, for a stop instances that have to make way.
    public func waitingFor(_ id: InstanceID) -> [String] {
        guard let machine = instances[id]?.machine else { return [] }
        if machine.state == .waiting {
            let needs = programs[id.program]?.needs.filter {
                !isMet($0) || isDeparting($0.program) && $0.condition != .completed
            }
            return needs?.map(\.program) ?? []
        }
        guard machine.goal == .leaving || machine.goal == .held, machine.phase != .stopping else {
            return []
        }
        return dependents(of: id.program).filter { !$0.machine.isAtRest }.map(\.name)
    }
}
