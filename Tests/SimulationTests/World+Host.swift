import OrderedCollections
import Supervision
import SystemTypes

/// The seam. Half of the promises stand here, where supervision asks for something.
extension World: Host {
    func spawn(_ run: Incarnation) {
        ask(.spawn(run))
        if isResuming, runs[run]?.stage == .requested {
            // No other one, but this host hears of it for the first time.
            return schedule(.answer(run), in: chance.milliseconds(0...1_000))
        }
        promise(!isEnding, "\(run) is spawned after the shutdown")
        promise(runOf[run.instance] == nil, "\(run) is spawned beside an earlier one")
        takeToken(for: run)
        let isFree = isFree(run.instance)
        let objection = ledgers[run.instance]?.spawn(run.serial, at: now, isFree: isFree)
        promise(objection == nil, "\(run): \(objection ?? "")")

        guard let policy = ledgers[run.instance]?.policy else { return }
        runs[run] = SimulatedRun(policy, &chance)
        runOf[run.instance] = run
        if chance.happens(30) {
            answer(run)
        } else {
            schedule(.answer(run), in: chance.milliseconds(0...1_000))
        }
    }

    func probe(_ run: Incarnation, _ role: ProbeRole, attempt: Int) {
        ask(.probe(run, role, attempt: attempt))
        guard let ledger = ledgers[run.instance], runs[run]?.stage == .up
        else { return promise(false, "\(run) is asked, and is not up") }
        promise(questions[run] == nil, "\(run) is asked a second question")
        promise(ledger.halt == nil, "\(run) is asked, and was told to stop")
        promise(ledger.endedAt == nil, "\(run) is asked, and has ended")
        promise(ledger.isReady == (role == .health), "\(run) is asked the wrong question")
        questions[run] = Question(role: role, attempt: attempt, at: now)
        let failure = chance.pick(nil, nil, "refused")
        let answer = Happening.probeAnswered(run, role, attempt: attempt, failure: failure)
        // Never from within: what else is asked for in this turn was decided without the answer.
        let wait = chance.pick(.zero, chance.milliseconds(0...300), .seconds(1), nil)
        if let wait { schedule(answer, in: wait) }
    }

    func endProbe(_ run: Incarnation) {
        ask(.endProbe(run))
        guard let question = questions.removeValue(forKey: run)
        else { return promise(false, "\(run) has no open question") }
        guard let policy = ledgers[run.instance]?.probing(question.role), isRinging,
            now >= question.at + policy.timeout
        else { return }
        ledgers[run.instance]?.answered("no answer within \(policy.timeout)", at: now)
    }

    func runStopCommand(_ run: Incarnation) {
        ask(.runStopCommand(run))
        guard let simulated = runs[run], simulated.stage == .up, let ledger = ledgers[run.instance]
        else { return promise(false, "a command to stop \(run), which is gone") }
        promise(ledger.policy.stop.hasCommand, "\(run) has no command to stop it")
        promise(simulated.command == .none, "a second command to stop \(run)")
        runs[run]?.command = .running
        halt(run)
        ledgers[run.instance]?.asked(at: now)
        let what = Happening.stopCommandEnded(run)
        obey(simulated.commandManner, what)
        // What the command does may be to end the process.
        if chance.happens(30) { schedule(.exit(run, .exited(0)), in: chance.milliseconds(0...300)) }
    }

    func endStopCommand(_ run: Incarnation) {
        ask(.endStopCommand(run))
        promise(runs[run]?.stage != .requested, "the end of a command of \(run), which is not up")
        if runs[run]?.stage == .up {
            promise(runs[run]?.command == .running, "\(run) has no command that runs")
            killed(run)
            runs[run]?.command = .ended
        }
        commandsToEnd.remove(run)
    }

    func signal(_ run: Incarnation, _ signal: Signal, scope: SignalScope) {
        ask(.signal(run, signal, scope))
        guard let simulated = runs[run], simulated.stage == .up, let ledger = ledgers[run.instance]
        else { return promise(false, "\(signal) for \(run), which is gone") }
        if signalled == run.instance {
            let manner = signal == .kill ? mannerOfDying() : chance.pick(.never, .atOnce)
            return obey(manner, .exit(run, .signaled(signal, coreDumped: false)))
        }
        if ledger.policy.stop.hasCommand {
            promise(simulated.command == .ended, "\(run) is asked to stop beside its command")
        } else {
            halt(run)
        }
        promise(
            signal == ledger.policy.stop.signal && scope == ledger.policy.stop.scope,
            "\(run) is stopped in another way than its policy says"
        )
        promise(!simulated.isAsked, "\(run) is asked to stop twice")
        runs[run]?.isAsked = true
        ledgers[run.instance]?.asked(at: now)
        obey(simulated.manner, .exit(run, chance.pick(.exited(0), .exited(143))))
        if chance.happens(10) { schedule(.extend(run), in: chance.milliseconds(0...100)) }
    }

    func signalSurvivors(of run: Incarnation, _ signal: Signal) {
        ask(.signalSurvivors(run, signal))
        guard let simulated = runs[run], simulated.stage == .left
        else { return promise(false, "\(signal) for survivors of \(run), which has none") }
        let ledger = ledgers[run.instance]
        promise(ledger?.halt != nil, "survivors of \(run) are asked, and not cleared away")
        promise(signal == ledger?.policy.stop.signal, "\(signal) for survivors of \(run)")
        runs[run]?.areLeftAlone = false
        obey(simulated.mannerOfSurvivors, .treeGone(run))
    }

    func killTree(_ run: Incarnation) {
        ask(.killTree(run))
        runs[run]?.areLeftAlone = false
        switch runs[run]?.stage {
        case .left where isResuming: obey(mannerOfDying(), .treeGone(run))
        case .up where isResuming && runs[run]?.isKilled == true:
            obey(mannerOfDying(), .exit(run, .signaled(.kill, coreDumped: false)))
        case .up:
            promise(runs[run]?.command != .running, "\(run) is killed beside its command")
            if ledgers[run.instance]?.halt == nil { halt(run) }
            killed(run)
            obey(mannerOfDying(), .exit(run, .signaled(.kill, coreDumped: false)))
        case .left:
            if ledgers[run.instance]?.halt != nil, runs[run]?.isKilled == false { killed(run) }
            obey(mannerOfDying(), .treeGone(run))
        case .requested, nil: promise(false, "SIGKILL for \(run), which is not there")
        }
    }

    func adopt(_ run: Incarnation) {
        promise(false, "\(run) is told of a change, and there was none")
    }

    /// Patience has to have ended, or whoever orders has none.
    private func killed(_ run: Incarnation) {
        runs[run]?.isKilled = true
        guard endOrderedAt.killAll == nil else { return }
        let limit = ledgers[run.instance]?.limit ?? .distantFuture
        promise(now >= limit, "\(run) is killed before its time")
    }

    /// A stop begins.
    ///
    /// Somebody has to want it, and those in need of it have to be gone.
    private func halt(_ run: Incarnation) {
        guard let ledger = ledgers[run.instance] else { return }
        promise(ledger.halt == nil, "\(run) is stopped twice")
        let program = run.instance.program
        if let restarting, restarting.id == run.instance {
            return note(.ordered, .stopped(by: restarting.requester), run)
        }
        if endOrderedAt.killAll == nil {
            if isRinging, let limit = ledger.limit, !ledger.isReady, now >= limit {
                return note(.tooLate, .startTimeout, run)
            }
            if let complaint = ledger.complaint { return note(.unhealthy, complaint, run) }
            promise(!isNeeded(program), "\(run) is stopped, and is still needed")
        }
        if !ledger.isWanted, let stopper = ledger.stopper {
            note(.ordered, .stopped(by: stopper), run)
        } else if let need = departingNeed(of: program) {
            note(.ordered, .dependency(need), run)
        } else {
            promise(false, "\(run) is stopped, and nobody has asked for it")
        }
    }

    private func note(_ halt: Ledger.Halt, _ cause: Cause, _ run: Incarnation) {
        ledgers[run.instance]?.halt(halt, cause)
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
        if change.cause != nil, change.isHealthy == nil { unannounced.remove(change.instance) }
    }

    func skip(_ program: String) { ask(.skip(program)) }

    func forget(_ instance: InstanceID) { ask(.forget(instance)) }

    func finish(status: Int32) {
        ask(.finish(status: status))
        promise(isEnding, "finished, and nobody has asked for it")
        promise(runs.isEmpty, "finished, and \(runs.keys) are still there")
        isFinished = true
    }

    private func ask(_ effect: Supervisor.Effect) {
        promise(!isFinished, "\(effect) after the end")
        asked.append(effect)
    }
}
