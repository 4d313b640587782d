import DequeModule
import OrderedCollections
public import SystemTypes

extension Supervisor {
    /// What another supervisor needs to go on from here, between two events.
    public var state: SupervisorState {
        SupervisorState(
            programs: Array(programs.values),
            instances: Array(instances.values),
            shutdownTimeout: shutdownTimeout,
            exitWhen: exitWhen,
            firstFailure: firstFailure,
            mustEnd: mustEnd,
            exitStatus: exitStatus,
            hasBegun: hasBegun,
            offset: offset,
            rolling: rolling,
            retiring: retiring,
            lastRuns: serials.map { Incarnation(instance: $0.key, serial: $0.value) }
                .sorted { $0.isBefore($1) },
            stage: stage,
            pace: pace,
            queue: Array(queue),
            random: random
        )
    }

    /// Goes on where another one was, as if it were the same.
    ///
    /// - Precondition: The machine has not been started anew since. The host knows the processes
    ///   that run, and is told ``Event/resumed``.
    public init(restoring state: SupervisorState, at now: Instant) {
        (shutdownTimeout, exitWhen) = (state.shutdownTimeout, state.exitWhen)
        (firstFailure, mustEnd, exitStatus) = (state.firstFailure, state.mustEnd, state.exitStatus)
        (hasBegun, stage, offset) = (state.hasBegun, state.stage, state.offset)
        (rolling, retiring) = (state.rolling, state.retiring)
        (pace, random) = (state.pace, state.random)
        queue = Deque(state.queue)
        serials = Dictionary(state.lastRuns.map { ($0.instance, $0.serial) }) { first, _ in first }
        self.now = now
        for program in state.programs { programs[program.program.name] = program }
        for instance in state.instances { restore(instance) }
        link()
        affected = []
        noteScheduled()
    }

    private mutating func restore(_ instance: Instance) {
        guard let policy = programs[instance.id.program]?.program.policy else { return }
        var instance = instance
        instance.restore(policy)
        instances[instance.id] = instance
        if !instance.machine.isAtRest { busy += 1 }
        if let deadline = instance.deadline { deadlines.insert(instance.id, at: deadline) }
    }

    /// Asks another host again for what the one before has not answered.
    mutating func resume() {
        for instance in instances.values where instance.queued == nil {
            let run = instance.incarnation
            switch instance.machine.state {
            case .spawning: effects.append(.spawn(run))
            case .killing, .clearing: effects.append(.killTree(run))
            case .starting, .running: askAgain(instance.id)
            case .stopped, .waiting, .preparing, .stopping, .outlived, .backoff, .exited, .fatal:
                break
            }
        }
    }
}

extension Incarnation {
    /// In an order that depends on nothing else.
    fileprivate func isBefore(_ other: Incarnation) -> Bool {
        (instance.program, instance.number) < (other.instance.program, other.instance.number)
    }
}
