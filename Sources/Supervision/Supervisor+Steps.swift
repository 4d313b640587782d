import OrderedCollections
import SystemTypes

extension Supervisor {
    /// Lets one machine handle one event, and writes down what follows for its instance.
    ///
    /// - Parameter ended: What the event says of the end of a run, or of an attempt at one.
    mutating func apply(
        _ event: ProcessMachine.Event,
        to id: InstanceID,
        ended: Instance.End? = nil
    ) {
        guard let index = instances.index(forKey: id) else {
            preconditionFailure("no such instance: \(id)")
        }
        let before = instances.values[index].machine
        let deadlineBefore = instances.values[index].deadline
        if let ended { instances.values[index].lastEnd = ended }
        step(event, index)
        // What may start does so at once, and nobody is told that it has waited for nothing.
        if instances.values[index].machine.state == .waiting, mayStart(id) { step(.free, index) }

        let instance = instances.values[index]
        busy += (before.isAtRest ? 1 : 0) - (instance.machine.isAtRest ? 1 : 0)
        if let deadline = instance.deadline, deadline != deadlineBefore {
            deadlines.insert(id, at: deadline)
        }
        if instance.machine.state != before.state || instance.machine.goal != before.goal {
            affected.append(id.program)
        }
        if let change = change(of: instance, from: before, ended: ended) {
            instances.values[index].changedAt = now
            effects.append(.announce(change))
        }
    }

    private mutating func step(_ event: ProcessMachine.Event, _ index: Int) {
        let state = instances.values[index].machine.state
        onMeeting?(instances.values[index].machine, event)
        let chance = Double.random(in: -1...1, using: &random)
        let demands = instances.values[index].machine.handle(event, at: now, chance: chance)
        if event == .deadlineReached, case .starting = state,
            instances.values[index].machine.phase == .stopping
        {
            instances.values[index].stopCause = .startTimeout
        }
        for demand in demands {
            if demand == .spawn {
                // Orders go through `waiting`; whatever else spawns is the policy.
                if event != .free { instances.values[index].restarts += 1 }
                instances.values[index].beginRun()
            }
            effects.append(effect(demand, of: instances.values[index].incarnation))
        }
    }

    private func effect(_ demand: ProcessMachine.Effect, of run: Incarnation) -> Effect {
        switch demand {
        case .spawn: .spawn(run)
        case .runStopCommand: .runStopCommand(run)
        case .endStopCommand: .endStopCommand(run)
        case .signal(let signal, let scope): .signal(run, signal, scope)
        case .signalSurvivors(let signal): .signalSurvivors(run, signal)
        case .killTree: .killTree(run)
        }
    }

    private func change(
        of instance: Instance,
        from before: ProcessMachine,
        ended: Instance.End?
    ) -> Change? {
        let machine = instance.machine
        // In one and the same phase a new process is there, or one that ended makes way for the next.
        let isOtherStart = machine.phase == .starting && machine.process != before.process
        guard machine.phase != before.phase || isOtherStart else { return nil }
        let delay: Duration? =
            if case .backoff(let until) = machine.state { until - now } else { nil }
        return Change(
            instance: instance.id,
            name: instance.name,
            from: before.phase,
            to: machine.phase,
            process: machine.process,
            cause: ended?.cause,
            delay: delay,
            at: now
        )
    }
}
