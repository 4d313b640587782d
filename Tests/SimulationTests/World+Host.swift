import OrderedCollections
import Supervision
import SystemTypes

/// The seam. Half of the promises stand here, where supervision asks for something.
extension World: Host {
    func spawn(_ run: Incarnation) {
        ask(.spawn(run))
        promise(!isEnding, "\(run) is spawned after the shutdown")
        promise(
            !runs.keys.contains { $0.instance == run.instance },
            "\(run) is spawned beside an earlier one"
        )
        let objection = ledgers[run.instance]?.spawn(run.serial, at: now)
        promise(objection == nil, "\(run): \(objection ?? "")")

        guard let policy = ledgers[run.instance]?.policy else { return }
        runs[run] = SimulatedRun(policy, &chance)
        if chance.happens(30) {
            answer(run)
        } else {
            schedule(.answer(run), in: chance.milliseconds(0...1_000))
        }
    }

    func signal(_ run: Incarnation, _ signal: Signal, scope: SignalScope) {
        ask(.signal(run, signal, scope))
        guard let simulated = runs[run], simulated.stage == .up, let ledger = ledgers[run.instance]
        else { return promise(false, "\(signal) for \(run), which is gone") }
        if isSignalOrder {
            let manner = signal == .kill ? mannerOfDying() : chance.pick(.never, .atOnce)
            return obey(manner, .exit(run, .signaled(signal, coreDumped: false)))
        }
        promise(ledger.stopper != nil, "\(run) is stopped, and nobody has asked for it")
        promise(
            signal == ledger.policy.stop.signal && scope == ledger.policy.stop.scope,
            "\(run) is stopped in another way than its policy says"
        )
        noteStop(of: run.instance)
        obey(simulated.manner, .exit(run, chance.pick(.exited(0), .exited(143))))
    }

    func signalSurvivors(of run: Incarnation, _ signal: Signal) {
        ask(.signalSurvivors(run, signal))
        guard let simulated = runs[run], simulated.stage == .left
        else { return promise(false, "\(signal) for survivors of \(run), which has none") }
        let ledger = ledgers[run.instance]
        promise(ledger?.stopper != nil, "survivors of \(run) are asked, and not cleared away")
        promise(signal == ledger?.policy.stop.signal, "\(signal) for survivors of \(run)")
        runs[run]?.areLeftAlone = false
        obey(simulated.mannerOfSurvivors, .treeGone(run))
    }

    func killTree(_ run: Incarnation) {
        ask(.killTree(run))
        runs[run]?.areLeftAlone = false
        switch runs[run]?.stage {
        case .up:
            promise(ledgers[run.instance]?.stopper != nil, "\(run) is killed, and nobody asked")
            obey(mannerOfDying(), .exit(run, .signaled(.kill, coreDumped: false)))
        case .left: obey(mannerOfDying(), .treeGone(run))
        case .requested, nil: promise(false, "SIGKILL for \(run), which is not there")
        }
    }

    func setDeadline(_ deadline: Instant?) {
        promise(!isFinished || deadline == nil, "a deadline after the end")
        guard deadline != self.deadline || wakeAt == nil else { return }
        self.deadline = deadline
        let isLate = chance.happens(20)
        wakeAt = deadline.map { $0 + (isLate ? chance.milliseconds(0...50) : .zero) }
    }

    func announce(_ change: Change) {
        ask(.announce(change))
        promise(change.from == announced[change.instance], "a change is missing before \(change)")
        promise(change.at == now, "an announcement of another time: \(change)")
        announced[change.instance] = change.to
        if change.cause != nil { unannounced.remove(change.instance) }
    }

    func finish() {
        ask(.finish)
        promise(isEnding, "finished, and nobody has asked for it")
        promise(runs.isEmpty, "finished, and \(runs.keys) are still there")
        isFinished = true
    }

    private func ask(_ effect: Supervisor.Effect) {
        promise(!isFinished, "\(effect) after the end")
        asked.append(effect)
    }

    /// A shutdown stops in the reverse of the order of starting.
    private func noteStop(of id: InstanceID) {
        guard let index = ledgers.index(forKey: id), lastStopped != nil else { return }
        promise(index < lastStopped ?? index, "\(id) is stopped out of order")
        lastStopped = index
    }
}
