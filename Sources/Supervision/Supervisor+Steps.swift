import OrderedCollections
import SystemTypes

extension Supervisor {
    /// Lets one machine handle one event, and writes down what follows for its instance.
    ///
    /// - Parameter ended: What the event says of the end of a run, or of an attempt at one.
    mutating func apply(
        _ event: ProcessMachine.Event,
        to id: InstanceID,
        ended: RunRecord.End? = nil
    ) {
        guard let index = instances.index(forKey: id) else {
            preconditionFailure("no such instance: \(id)")
        }
        touched.append(id)
        let before = instances.values[index].machine
        let deadlineBefore = instances.values[index].deadline
        if let ended { note(ended, index) }
        step(event, index)
        // What may start does so at once, and nobody is told that it has waited for nothing.
        if instances.values[index].machine.state == .waiting, mayStart(id) { step(.free, index) }
        beginChecks(index)

        let instance = instances.values[index]
        if instance.machine.phase != before.phase { noteFailure(of: instance) }
        busy += (before.isAtRest ? 1 : 0) - (instance.machine.isAtRest ? 1 : 0)
        if let deadline = instance.deadline, deadline != deadlineBefore {
            deadlines.insert(id, at: deadline)
        }
        if instance.machine.state != before.state || instance.machine.goal != before.goal {
            affected.append(id.program)
        }
        if instance.machine.phase == .running, before.phase != .running {
            instances.values[index].history.updateLast { $0.readyAt = now }
        }
        if let change = Change(of: instance, from: before, ended: ended, at: now) {
            instances.values[index].changedAt = now
            effects.append(.announce(change))
        }
    }

    private mutating func note(_ end: RunRecord.End, _ index: Int) {
        instances.values[index].lastEnd = end
        instances.values[index].history.updateLast { if $0.end == nil { $0.end = end } }
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
        endChecks(index)
        let run = instances.values[index].incarnation
        for demand in demands {
            switch demand {
            case .spawn:
                // Orders go through `waiting`; whatever else spawns is the policy.
                spawn(index, Instance.QueuedSpawn(isRestart: event != .free))
            case .runStopCommand: effects.append(.runStopCommand(run))
            case .endStopCommand: effects.append(.endStopCommand(run))
            case .signal(let signal, let scope): effects.append(.signal(run, signal, scope))
            case .signalSurvivors(let signal): effects.append(.signalSurvivors(run, signal))
            case .killTree: effects.append(.killTree(run))
            }
        }
    }
}
