import OrderedCollections
import Supervision
import SystemTypes

/// The other half of the promises: what must be true between two steps.
extension World {
    func keepPromises() {
        concludeFromOthers()
        var earliest: Instant?
        if endOrderedAt.killAll == nil, !isFinished { earliest = killAt }
        for (id, ledger) in ledgers {
            guard let instance = conductor.supervisor.instances[id] else { continue }
            keepRecords(instance, ledger)
            keepCourse(instance, ledger)
            keepTime(id, ledger)
            keepBook(instance)
            if let deadline = instance.deadline {
                earliest = min(earliest ?? deadline, deadline)
            }
        }
        let isPaced = ledgers.contains { isQueued($0) }
        let isRight =
            deadline == earliest
            || isPaced && deadline ?? .distantFuture <= earliest ?? .distantFuture
        promise(isRight, "the earliest deadline is not the one that was asked for")
        promise(!runs.values.contains { $0.areLeftAlone }, "survivors are left alone")
        promise(commandsToEnd.isEmpty, "a command to stop \(commandsToEnd) is left alone")
        for (run, question) in questions {
            let isAsked =
                runs[run]?.stage == .up && runs[run]?.hasEnded == false
                && ledgers[run.instance]?.halt == nil
            promise(isAsked, "a question to \(run) is left open: \(question)")
        }
        promise(isFinished == (isEnding && runs.isEmpty), "it is not finished when all are gone")
        keepTimeOfTheEnd()
    }

    /// What is remembered and told is what has happened.
    private func keepRecords(_ instance: Instance, _ ledger: Ledger) {
        let name = instance.name
        promise(announced[instance.id] == instance.machine.phase, "\(name): a change is untold")
        promise(
            instance.machine.phase == .stopping || !unannounced.contains(instance.id),
            "\(name): an end is untold"
        )
        promise(instance.incarnation.serial == ledger.serial, "\(name): the runs are miscounted")
        promise(instance.restarts == ledger.restarts, "\(name): the restarts are miscounted")
        let cause = instance.lastEnd?.cause
        promise(
            cause == ledger.lastCause,
            "\(name): the cause is \(cause?.description ?? "none"), not \(ledger.lastCause?.description ?? "none")"
        )
    }

    /// The state is the one that orders, reports and the policy lead to.
    private func keepCourse(_ instance: Instance, _ ledger: Ledger) {
        let (name, machine) = (instance.name, instance.machine)
        switch (ledger.run, ledger.outlook) {
        case (.none, .rest(let phase)):
            promise(
                machine.phase == phase,
                "\(name): \(machine.state), should be \(phase)"
            )
        case (.none, .wait):
            if isFree(instance.id) { return keepTurn(instance) }
            promise(machine.phase == .waiting, "\(name): \(machine.state), should be waiting")
            let names = conductor.supervisor.waitingFor(instance.id)
            promise(!names.isEmpty, "\(name): waits, and does not say for whom")
        case (.none, .spawn(let from, let to)):
            if machine.phase == .starting, now >= from { return keepTurn(instance) }
            let isInBand = machine.deadline.map { from <= $0 && $0 <= to } ?? false
            promise(
                machine.phase == .backoff && isInBand,
                "\(name): \(machine.state), should be spawning by \(to)"
            )
            let isOver = now > to + Latency.timerMax + .milliseconds(1)
            promise(!isOver, "\(name): its pause is over")
        case (.requested, _):
            promise(machine.phase == .starting, "\(name): \(machine.state) while spawning")
        case (.left, _):
            promise(machine.process == nil, "\(name): \(machine.state) after the exit")
            promise(machine.phase == .stopping, "\(name): \(machine.state) with survivors")
        case (.up(let process, let since), _):
            promise(machine.process == process, "\(name): the process is another")
            promise(instance.startedAt == since, "\(name): the start was at another time")
            keepPhase(of: instance, ledger, upSince: since)
        }
    }

    /// It may be started, and is not: then it has to be the pace that holds it back.
    private func keepTurn(_ instance: Instance) {
        let name = instance.name
        promise(instance.machine.phase == .starting, "\(name): waits, and for nothing")
        // At the last moment of the timer it is not late yet.
        let moment = now + (.zero - Latency.timerMax - .milliseconds(1))
        promise(tokens(at: moment) < 1, "\(name): its turn has come")
    }

    private func isQueued(_ entry: (key: InstanceID, value: Ledger)) -> Bool {
        !entry.value.isPresent
            && conductor.supervisor.instances[entry.key]?.machine.phase == .starting
    }

    private func keepPhase(of instance: Instance, _ ledger: Ledger, upSince since: Instant) {
        let (name, phase) = (instance.name, instance.machine.phase)
        let expected: Phase =
            ledger.halt != nil ? .stopping : ledger.isReady ? .running : .starting
        promise(phase == expected, "\(name): \(phase), should be \(expected)")
        promise(instance.isHealthy == ledger.isHealthy, "\(name): it is not as well as it seems")
        promise(ledger.halt != nil || ledger.complaint == nil, "\(name): unhealthy, and goes on")
        if ledger.halt == nil {
            let hasToGo = !ledger.isWanted || departingNeed(of: instance.id.program) != nil
            promise(!hasToGo || isNeeded(instance.id.program), "\(name): should be told to stop")
            let settledAt = since + ledger.policy.start.settle
            let readyAt = ledger.policy.readiness == .settled ? settledAt : ledger.limit
            let isLate =
                ledger.endedAt != nil ? false : readyAt.map { now > $0 + Latency.timerMax } ?? false
            promise(ledger.isReady || !isLate, "\(name): neither ready nor too late")
        }
        let isForgiven = phase != .running || instance.machine.failures == 0
        promise(isForgiven || ledger.policy.kind != .service, "\(name): unforgiven")
        promise(
            instance.machine.failures == ledger.failures,
            "\(name): \(instance.machine.failures) failures, should be \(ledger.failures)"
        )
    }

    /// A stop ends in time, and what is left of a run is cleared away in time.
    private func keepTime(_ id: InstanceID, _ ledger: Ledger) {
        guard ledger.run != .none else { return }
        if ledger.halt != nil, ledger.leftAt == nil, let limit = ledger.limit {
            let end = limit + Latency.timerMax + Latency.killMax
            // The signal follows the command, and begins a patience of its own.
            promise(now <= end, "\(id) was told to stop, and has not by \(limit)")
        }
        if let since = ledger.leftAt {
            let patience = ledger.halt == nil ? .zero : ledger.limit.map { $0 - since } ?? .zero
            let limit = since + max(.zero, patience) + Latency.timerMax + Latency.killMax
            promise(now <= limit, "\(id) has left survivors at \(since), and they are still there")
        }
    }

    private func keepTimeOfTheEnd() {
        guard !isFinished else { return }
        let rest = Latency.spawnMax + Latency.killMax + Latency.killMax
        if let killAt { promise(now <= killAt + Latency.timerMax + rest, "no end after shutDown") }
        if let at = endOrderedAt.killAll { promise(now <= at + rest, "no end after killAll") }
    }
}
