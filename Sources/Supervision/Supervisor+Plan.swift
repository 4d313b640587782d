import OrderedCollections
import SystemTypes

/// Going from one configuration to another without touching what stays the same.
extension Supervisor {
    mutating func configure(_ plan: Plan, by requester: Requester) {
        guard stage == .serving else { return }
        let new = plan.new
        (shutdownTimeout, exitWhen) = (new.daemon.shutdownTimeout, new.daemon.exitWhen)
        if plan.old.daemon.starts != new.daemon.starts { pace = StartPace(new.daemon.starts) }
        let programsByName = Dictionary(new.programs.map { ($0.name, $0) }) { first, _ in first }
        var added: [String] = []
        for change in plan.programs {
            let name = change.program
            guard let program = programsByName[name] else {
                retire(name, for: nil, by: requester)
                continue
            }
            guard let membership = programs[name] else {
                add(program)
                if program.autostart { added.append(name) }
                continue
            }
            if membership.isRetiring || change.class == .replace {
                // Is it up, or will its successor be?
                let isUp = membership.successor?.starter != nil || isUp(membership)
                let wantsStart = change.kind == .added ? program.autostart : isUp
                let starter = wantsStart ? requester : nil
                let successor = Membership.Successor(program: program, starter: starter)
                retire(name, for: successor, by: requester)
            } else {
                adopt(program, restarts: change.class == .restart, by: requester)
            }
        }
        link()
        updateTimetables(changed: Set(plan.programs.map(\.program)))
        for name in added where programs[name]?.startsByItself == true {
            for id in programs[name]?.instances ?? [] { start(id, by: requester) }
        }
    }

    private func isUp(_ membership: Membership) -> Bool {
        membership.instances.contains { instances[$0]?.machine.goal == .up }
    }

    /// Says anew who needs whom.
    mutating func link() {
        for name in programs.keys { programs[name]?.neededBy = [] }
        for (name, membership) in programs {
            for need in membership.needs {
                let dependent = Dependency(program: name, condition: need.condition)
                programs[need.program]?.neededBy.append(dependent)
            }
            affected.append(name)
        }
    }

    private mutating func adopt(
        _ program: ProgramConfiguration,
        restarts: Bool,
        by requester: Requester
    ) {
        guard let membership = programs[program.name] else { return }
        programs[program.name]?.program = program
        // What is restarted takes over everything.
        let isOther = !restarts && program.differsBesidesRules(from: membership.program)
        // One that is to go may be wanted again before it has.
        for id in membership.instances + membership.surplus {
            guard let index = instances.index(forKey: id) else { continue }
            instances.values[index].machine.adopt(program.policy)
            endChecks(index)
            beginChecks(index)
            if let deadline = instances.values[index].deadline {
                deadlines.insert(id, at: deadline)
            }
            if isOther, instances.values[index].machine.process != nil {
                instances.values[index].limitsRefusal = nil
                effects.append(.adopt(instances.values[index].incarnation))
            }
        }
        resize(program.name, to: program.instances, by: requester)
        guard restarts else { return }
        for id in programs[program.name]?.instances ?? [] { renew(id, by: requester) }
    }

    /// Starts it again with what is new: one that has what is old, or has given up with that.
    mutating func renew(_ id: InstanceID, by requester: Requester) {
        guard let machine = instances[id]?.machine, machine.goal == .up else { return }
        if machine.state == .fatal {
            start(id, by: requester)
        } else if !machine.isAtRest {
            obey(.restart, id, by: requester)
        }
    }

    // MARK: - How many there are

    /// Leaves those alone that stay.
    mutating func resize(_ name: String, to count: Int, by requester: Requester) {
        guard let membership = programs[name] else { return }
        guard !membership.isRetiring else {
            programs[name]?.successor?.program.instances = count
            return
        }
        let isUp = isUp(membership)
        programs[name]?.program.instances = count
        let wanted = (0..<count).map { InstanceID(program: name, number: $0) }
        let surplus = membership.instances.dropFirst(count)
        programs[name]?.instances = wanted
        programs[name]?.surplus = (membership.surplus + surplus).filter { $0.number >= count }
        for id in surplus {
            instances[id]?.isRetiring = true
            retiring.append(id)
            noteStop(of: id, .stopped(by: requester))
            apply(.stop, to: id)
        }
        for id in wanted {
            rename(id)
            guard !membership.instances.contains(id) else { continue }
            if instances[id] == nil { insert(id) }
            instances[id]?.isRetiring = false
            if isUp { start(id, by: requester) }
        }
        affected.append(name)
    }

    private mutating func rename(_ id: InstanceID) {
        instances[id]?.name = programs[id.program]?.program.displayName(of: id.number) ?? ""
    }

    // MARK: - Going for good

    private mutating func retire(
        _ name: String,
        for successor: Membership.Successor?,
        by requester: Requester
    ) {
        programs[name]?.isRetiring = true
        programs[name]?.successor = successor
        for id in programs[name]?.instances ?? [] where instances[id]?.isRetiring == false {
            instances[id]?.isRetiring = true
            retiring.append(id)
            noteStop(of: id, .stopped(by: requester))
            apply(.leave, to: id)
        }
    }

    /// Forgets those that have gone, a whole program at once, and lets others take their place.
    mutating func forgetRetired() {
        var hasRoom = false
        retiring.removeAll { id in
            guard let instance = instances[id], instance.isRetiring else { return true }
            guard instance.machine.isAtRest else { return false }
            if let membership = programs[id.program], membership.isRetiring {
                let all = membership.instances + membership.surplus
                guard all.allSatisfy({ instances[$0]?.machine.isAtRest ?? true }) else {
                    return false
                }
            }
            instances[id] = nil
            touched.append(id)
            serials[id] = instance.incarnation.serial
            effects.append(.forget(id))
            programs[id.program]?.surplus.removeAll { $0 == id }
            hasRoom = true
            return true
        }
        guard hasRoom else { return }
        for (name, membership) in programs where membership.isRetiring {
            let isGone = (membership.instances + membership.surplus).allSatisfy {
                instances[$0] == nil
            }
            if isGone { replace(name, membership.successor) }
        }
        arrange()
    }

    private mutating func replace(_ name: String, _ successor: Membership.Successor?) {
        programs[name] = nil
        if let successor { add(successor.program) }
        link()
        updateTimetables(changed: [name])
        guard let starter = successor?.starter, stage == .serving,
            programs[name]?.program.policy.kind != .scheduled
        else { return }
        for id in programs[name]?.instances ?? [] { start(id, by: starter) }
    }
}

extension ProgramConfiguration {
    fileprivate func differsBesidesRules(from other: ProgramConfiguration) -> Bool {
        var other = other
        (other.policy, other.instances, other.dependsOn) = (policy, instances, dependsOn)
        return self != other
    }
}
