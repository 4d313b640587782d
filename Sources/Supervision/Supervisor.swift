public import OrderedCollections
public import SystemTypes

/// All programs: which instances there are, what was asked of them, and how the daemon ends.
///
/// A value, like the machines in it, and for the same reasons. See ``ProcessMachine``.
public struct Supervisor: Sendable {
    public enum Order: Equatable, Sendable {
        case start
        case stop
        /// A stop, and a start of what is then stopped; a start where nothing runs.
        case restart
        /// Carried out only while a process lives.
        case signal(Signal)
    }

    public enum Event: Equatable, Sendable {
        /// Starts what `autostart` says.
        case begin
        case order(Order, InstanceID, by: Requester)
        case spawned(Incarnation, ProcessID)
        case spawnFailed(Incarnation, SpawnFailure)
        case exited(Incarnation, ExitStatus, survivors: Int)
        case treeGone(Incarnation)
        /// The clock has reached ``Supervisor/deadline``.
        case deadlineReached
        /// Stop everything; from now on nothing is started.
        case shutDown
        /// As `shutDown`, without patience.
        case killAll
    }

    public enum Effect: Equatable, Sendable {
        case spawn(Incarnation)
        case signal(Incarnation, Signal, SignalScope)
        case signalSurvivors(Incarnation, Signal)
        case killTree(Incarnation)
        case announce(Change)
        /// After `shutDown`: nothing is left that could end.
        case finish
    }

    private enum Stage: Equatable {
        case serving
        case stopping(killAt: Instant)
        case killing
        case finished
    }

    public private(set) var instances: OrderedDictionary<InstanceID, Instance> = [:]
    private let autostart: [InstanceID]
    private let shutdownTimeout: Duration
    private var deadlines = Deadlines()
    private var random: SplitMix64
    private var stage = Stage.serving
    /// How many instances are not at rest.
    private var busy = 0

    public init(_ configuration: Configuration, seed: UInt64, at now: Instant) {
        random = SplitMix64(seed: seed)
        shutdownTimeout = configuration.daemon.shutdownTimeout
        var autostart: [InstanceID] = []
        for program in configuration.programs {
            for number in 0..<program.instances {
                let id = InstanceID(program: program.name, number: number)
                instances[id] = Instance(
                    id: id,
                    name: program.displayName(of: number),
                    policy: program.policy,
                    at: now
                )
                if program.autostart { autostart.append(id) }
            }
        }
        self.autostart = autostart
    }

    public var isShuttingDown: Bool { stage != .serving }

    /// When the supervisor wants ``Event/deadlineReached``; `nil` for never.
    public var deadline: Instant? {
        let first = deadlines.first
        guard case .stopping(let killAt) = stage else { return first }
        return min(killAt, first ?? killAt)
    }

    /// - Returns: Effects, to be carried out in this order before the next event.
    /// - Precondition: The instance is one of ``instances``; reports answer an effect.
    public mutating func handle(_ event: Event, at now: Instant) -> [Effect] {
        var effects: [Effect] = []
        switch event {
        case .begin:
            guard stage == .serving else { break }
            for id in autostart { apply(.start, to: id, at: now, &effects) }
        case .order(let order, let id, let requester):
            obey(order, id, by: requester, at: now, &effects)
        case .spawned(let run, let pid):
            guard isCurrent(run) else { break }
            instances[run.instance]?.startedAt = now
            apply(.spawned(pid), to: run.instance, at: now, &effects)
        case .spawnFailed(let run, let failure):
            guard isCurrent(run) else { break }
            let end = Instance.End(cause: .spawnFailed(failure), status: nil, at: now)
            instances[run.instance]?.lastEnd = end
            apply(.spawnFailed, to: run.instance, at: now, ended: end, &effects)
        case .exited(let run, let status, let survivors):
            guard isCurrent(run) else { break }
            let end = conclude(run.instance, status, at: now)
            let report = ProcessMachine.Event.exited(status, survivors: survivors)
            apply(report, to: run.instance, at: now, ended: end, &effects)
        case .treeGone(let run):
            guard isCurrent(run) else { break }
            let end = instances[run.instance]?.lastEnd
            apply(.treeGone, to: run.instance, at: now, ended: end, &effects)
        case .deadlineReached:
            expire(at: now, &effects)
        case .shutDown:
            guard stage == .serving else { break }
            stage = .stopping(killAt: now + shutdownTimeout)
            end(by: .stop, at: now, &effects)
        case .killAll:
            killAll(at: now, &effects)
        }
        deadlines.dropStale { instances[$0]?.machine.deadline }
        if isShuttingDown, stage != .finished, busy == 0 {
            stage = .finished
            effects.append(.finish)
        }
        return effects
    }

    // MARK: - Parts of the above

    private mutating func obey(
        _ order: Order,
        _ id: InstanceID,
        by requester: Requester,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        guard let instance = instances[id] else { preconditionFailure("no such instance: \(id)") }
        // An order that comes after the last one is refused where it is given; here it is void.
        guard stage == .serving else { return }
        switch order {
        case .signal(let signal):
            guard instance.machine.process != nil else { return }
            effects.append(.signal(instance.incarnation, signal, .process))
        case .start:
            apply(.start, to: id, at: now, &effects)
        case .stop:
            apply(.stop, to: id, by: requester, at: now, &effects)
        case .restart:
            apply(.stop, to: id, by: requester, at: now, &effects)
            apply(.start, to: id, at: now, &effects)
        }
    }

    /// Stops or kills everything, in the reverse of the order of starting.
    private mutating func end(
        by order: ProcessMachine.Event,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        for id in instances.keys.reversed() {
            apply(order, to: id, by: .keepd, at: now, &effects)
        }
    }

    private mutating func killAll(at now: Instant, _ effects: inout [Effect]) {
        guard stage != .finished else { return }
        stage = .killing
        end(by: .kill, at: now, &effects)
    }

    private mutating func expire(at now: Instant, _ effects: inout [Effect]) {
        if case .stopping(let killAt) = stage, now >= killAt { killAll(at: now, &effects) }
        while let id = deadlines.popDue(at: now, current: { instances[$0]?.machine.deadline }) {
            apply(.deadlineReached, to: id, at: now, &effects)
        }
    }

    /// A report about an earlier run means nothing any more.
    private func isCurrent(_ run: Incarnation) -> Bool {
        instances[run.instance]?.incarnation == run
    }

    private mutating func conclude(
        _ id: InstanceID,
        _ status: ExitStatus,
        at now: Instant
    ) -> Instance.End? {
        guard let instance = instances[id] else { return nil }
        let wasAsked = instance.machine.phase == .stopping
        let end = Instance.End(
            cause: wasAsked ? .stopped(by: instance.stopper) : Cause(status),
            status: status,
            at: now
        )
        instances[id]?.lastEnd = end
        instances[id]?.startedAt = nil
        return end
    }

    /// Lets one machine handle one event, and writes down what follows for its instance.
    ///
    /// - Parameter requester: Whose order it is; only the first who stops a run has stopped it.
    private mutating func apply(
        _ event: ProcessMachine.Event,
        to id: InstanceID,
        by requester: Requester? = nil,
        at now: Instant,
        ended: Instance.End? = nil,
        _ effects: inout [Effect]
    ) {
        guard var instance = instances[id] else { preconditionFailure("no such instance: \(id)") }
        let before = instance.machine
        let demands = instance.machine.handle(
            event,
            at: now,
            chance: .random(in: -1...1, using: &random)
        )
        busy += (before.isAtRest ? 1 : 0) - (instance.machine.isAtRest ? 1 : 0)
        if let requester, before.goal == .up, before.phase != .stopping {
            instance.stopper = requester
        }

        for demand in demands {
            if demand == .spawn {
                instance.incarnation = Incarnation(
                    instance: id,
                    serial: instance.incarnation.serial + 1
                )
                if isAutomatic(event, in: before.state) { instance.restarts += 1 }
            }
            effects.append(effect(demand, of: instance.incarnation))
        }
        if let deadline = instance.machine.deadline, deadline != before.deadline {
            deadlines.insert(id, at: deadline)
        }
        if let change = change(of: instance, from: before, ended: ended, at: now) {
            instance.changedAt = now
            effects.append(.announce(change))
        }
        instances[id] = instance
    }

    /// Whether a spawn that follows from `event` is the policy's doing, and nobody's order.
    private func isAutomatic(
        _ event: ProcessMachine.Event,
        in state: ProcessMachine.State
    ) -> Bool {
        switch state {
        case .starting, .running, .clearing(.unasked): true
        case .backoff: event == .deadlineReached
        case .stopped, .spawning, .stopping, .killing, .outlived, .clearing(.ordered), .exited,
            .fatal:
            false
        }
    }

    private func effect(_ demand: ProcessMachine.Effect, of run: Incarnation) -> Effect {
        switch demand {
        case .spawn: .spawn(run)
        case .signal(let signal, let scope): .signal(run, signal, scope)
        case .signalSurvivors(let signal): .signalSurvivors(run, signal)
        case .killTree: .killTree(run)
        }
    }

    private func change(
        of instance: Instance,
        from before: ProcessMachine,
        ended: Instance.End?,
        at now: Instant
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
