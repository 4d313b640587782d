import OrderedCollections
import SystemTypes

/// What is told of runs. A report about an earlier run means nothing any more.
extension Supervisor {
    func isCurrent(_ run: Incarnation) -> Bool {
        guard let instance = instances[run.instance] else { return false }
        return instance.incarnation == run && instance.queued == nil
    }

    private func isAlive(_ run: Incarnation) -> Bool {
        isCurrent(run) && instances[run.instance]?.machine.process != nil
    }

    /// Hands on what a program says, which may come when its process has ended.
    mutating func pass(_ event: ProcessMachine.Event, to run: Incarnation) {
        guard isAlive(run) else { return }
        apply(event, to: run.instance)
    }

    mutating func spawned(_ run: Incarnation, _ pid: ProcessID) {
        guard isCurrent(run) else { return }
        instances[run.instance]?.startedAt = now
        instances[run.instance]?.history.updateLast { $0.process = pid }
        apply(.spawned(pid), to: run.instance)
    }

    mutating func spawnFailed(_ run: Incarnation, _ failure: SpawnFailure) {
        guard isCurrent(run) else { return }
        let end = RunRecord.End(at: now, cause: .spawnFailed(failure), status: nil)
        apply(.spawnFailed, to: run.instance, ended: end)
    }

    mutating func ready(_ run: Incarnation) {
        // Where it is asked, or has to settle, its own word does not count.
        guard instances[run.instance]?.machine.policy.readiness == .reported else { return }
        pass(.ready, to: run)
    }

    mutating func statusText(_ run: Incarnation, _ text: String) {
        guard isAlive(run) else { return }
        instances[run.instance]?.statusText = text
    }

    mutating func limitsRefused(_ run: Incarnation, _ failure: SpawnFailure) {
        guard isAlive(run) else { return }
        instances[run.instance]?.limitsRefusal = failure
    }

    mutating func oomKilled(_ run: Incarnation, limit: UInt64, peak: UInt64) {
        guard isAlive(run) else { return }
        instances[run.instance]?.outOfMemory = .outOfMemory(limit: limit, peak: peak)
    }

    mutating func ended(_ run: Incarnation) {
        guard isAlive(run), instances[run.instance]?.endedAt == nil else { return }
        // It may just have been up for long enough.
        if let machine = instances[run.instance]?.machine,
            case .starting(_, _, let until) = machine.state,
            machine.policy.readiness == .settled, until <= now
        {
            apply(.deadlineReached, to: run.instance)
        }
        guard let index = instances.index(forKey: run.instance) else { return }
        touched.append(run.instance)
        instances.values[index].endedAt = now
        instances.values[index].machine.processEnded()
        endChecks(index)
        // Nobody knows it to be healthy any more.
        affected.append(run.instance.program)
    }

    mutating func exited(_ run: Incarnation, _ status: ExitStatus?, _ survivors: Int) {
        guard isCurrent(run), let instance = instances[run.instance] else { return }
        let end = RunRecord.End(at: now, cause: instance.cause(of: status), status: status)
        instances[run.instance]?.endedAt = nil
        apply(.exited(status, survivors: survivors), to: run.instance, ended: end)
        instances[run.instance]?.startedAt = nil
    }

    mutating func leftBehind(_ run: Incarnation, _ survivors: [Survivor]) {
        guard isCurrent(run) else { return }
        instances[run.instance]?.history.updateLast { $0.leftBehind = survivors }
    }

    mutating func treeGone(_ run: Incarnation) {
        guard isCurrent(run) else { return }
        apply(.treeGone, to: run.instance, ended: instances[run.instance]?.lastEnd)
    }
}
