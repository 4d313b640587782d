import OrderedCollections
import Supervision
import SystemTypes

/// The other half of the promises: what must be true between two steps.
extension World {
    func keepPromises() {
        var earliest: Instant?
        if endOrderedAt.killAll == nil, !isFinished { earliest = killAt }
        for (id, ledger) in ledgers {
            guard let instance = conductor.supervisor.instances[id] else { continue }
            keepRecords(instance, ledger)
            keepCourse(instance, ledger)
            keepTime(id, ledger)
            if let deadline = instance.machine.deadline {
                earliest = min(earliest ?? deadline, deadline)
            }
        }
        promise(deadline == earliest, "the earliest deadline is not the one that was asked for")
        promise(!runs.values.contains { $0.areLeftAlone }, "survivors are left alone")
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
        promise(
            instance.lastEnd?.cause == ledger.lastCause,
            "\(name): the cause is \(String(describing: instance.lastEnd?.cause))"
        )
    }

    /// The state is the one that orders, reports and the policy lead to.
    private func keepCourse(_ instance: Instance, _ ledger: Ledger) {
        let (name, machine) = (instance.name, instance.machine)
        switch (ledger.run, ledger.outlook) {
        case (.none, .rest(let phase)):
            promise(machine.phase == phase, "\(name): \(machine.state), should be \(phase)")
        case (.none, .spawn(let from, let to)):
            let isInBand = machine.deadline.map { from <= $0 && $0 <= to } ?? false
            promise(machine.phase == .backoff && isInBand, "\(name): a spawn is missing, or late")
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

    private func keepPhase(of instance: Instance, _ ledger: Ledger, upSince since: Instant) {
        let settledAt = since + ledger.policy.start.settle
        let phases: [Phase] =
            if ledger.stopper != nil {
                [.stopping]
            } else if now < settledAt {
                [.starting]
            } else if now <= settledAt + Latency.timerMax {
                [.starting, .running]
            } else {
                [.running]
            }
        let phase = instance.machine.phase
        promise(phases.contains(phase), "\(instance.name): \(phase), should be \(phases)")
        promise(phase != .running || instance.machine.failures == 0, "\(instance.name): unforgiven")
    }

    /// A stop ends in time, and what is left of a run is cleared away in time.
    private func keepTime(_ id: InstanceID, _ ledger: Ledger) {
        guard ledger.run != .none else { return }
        let patience = ledger.policy.stop.timeout + Latency.timerMax
        if let since = ledger.unwantedSince {
            let limit = since + Latency.spawnMax + patience + Latency.killMax + Latency.killMax
            promise(now <= limit, "\(id) was told to stop at \(since), and has not")
        }
        if let since = ledger.leftAt {
            let limit = since + (ledger.stopper == nil ? .zero : patience) + Latency.killMax
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
