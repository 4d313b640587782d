import OrderedCollections
import Supervision
import SystemTypes

/// How processes come, go, and leave others behind.
extension World {
    func happen(_ what: Happening) {
        switch what {
        case .answer(let run): answer(run)
        case .ready(let run): ready(run)
        case .extend(let run): extend(run)
        case .ping(let run): ping(run)
        case .probeAnswered(let run, let role, let attempt, let failure):
            probeAnswered(run, role, attempt, failure)
        case .stopCommandEnded(let run): stopCommandEnded(run)
        case .trigger(let run): trigger(run)
        case .exit(let run, let status): exit(run, status)
        case .treeGone(let run): treeGone(run)
        }
    }

    /// Whatever was scheduled for a run may have been overtaken; then nothing happens.
    private func isIn(_ stage: SimulatedRun.Stage, _ run: Incarnation) -> Bool {
        runs[run]?.stage == stage
    }

    private func isAlive(_ run: Incarnation) -> Bool {
        isIn(.up, run) && runs[run]?.hasEnded == false
    }

    private func hasToGo(_ run: Incarnation) -> Bool {
        departingNeed(of: run.instance.program) != nil
    }

    func answer(_ run: Incarnation) {
        guard let simulated = runs[run], simulated.stage == .requested else { return }
        if simulated.failsToSpawn {
            forget(run)
            let failure = chance.pick(
                SpawnFailure(step: "execve", errno: 2, message: "cannot execute it"),
                SpawnFailure(step: "pipe", errno: 24, message: "cannot make a pipe: EMFILE"),
                SpawnFailure(step: "clone", errno: 12, message: "cannot start it: ENOMEM")
            )
            unannounced.insert(run.instance)
            let hasToGo = hasToGo(run)
            ledgers[run.instance]?.spawnFailed(failure, at: now, hasToGo: hasToGo)
            tell(.spawnFailed(run, failure))
        } else {
            runs[run]?.stage = .up
            // Numbers come again soon, for identity must not depend on them.
            let process = ProcessID(rawValue: Int32(chance.number(2...5)))
            if let lifetime = simulated.lifetime {
                schedule(.exit(run, simulated.status), in: lifetime)
            }
            if ledgers[run.instance]?.policy.readiness != .settled {
                if let delay = simulated.readyAfter { schedule(.ready(run), in: delay) }
                if chance.happens(20) { schedule(.extend(run), in: chance.milliseconds(0...200)) }
            }
            let isWanted = ledgers[run.instance]?.isWanted ?? false
            let isNeeded = isNeeded(run.instance.program)
            let goesOn = endOrderedAt.killAll == nil && (isWanted || isNeeded)
            ledgers[run.instance]?.spawned(process, at: now, goesOn: goesOn)
            if chance.happens(10) { schedule(.trigger(run), in: chance.milliseconds(0...5_000)) }
            if case .watchdog? = ledgers[run.instance]?.policy.health?.check {
                schedule(.ping(run), in: chance.milliseconds(0...2_000))
            }
            tell(.spawned(run, process))
        }
    }

    private func ready(_ run: Incarnation) {
        guard isAlive(run) else { return }
        if chance.happens(20) {
            let process = ProcessID(rawValue: Int32(chance.number(2...5)))
            ledgers[run.instance]?.mainProcess(process)
            tell(.mainProcess(run, process))
        }
        if ledgers[run.instance]?.policy.readiness == .reported {
            ledgers[run.instance]?.ready(at: now)
        }
        tell(.ready(run))
        // Some say so again and again.
        if chance.happens(20) { schedule(.ready(run), in: chance.milliseconds(0...500)) }
    }

    private func extend(_ run: Incarnation) {
        guard isAlive(run) else { return }
        let time = chance.pick(.zero, chance.milliseconds(0...3_000))
        ledgers[run.instance]?.extended(by: time, at: now)
        tell(.extended(run, time))
    }

    private func ping(_ run: Incarnation) {
        guard isAlive(run) else { return }
        ledgers[run.instance]?.pinged(at: now)
        tell(.pinged(run))
        if chance.happens(90) { schedule(.ping(run), in: chance.milliseconds(0...2_000)) }
    }

    private func trigger(_ run: Incarnation) {
        guard isAlive(run) else { return }
        ledgers[run.instance]?.triggered(at: now)
        tell(.watchdogTriggered(run))
    }

    /// Also when the question was given up, or the run has ended: then nobody must listen.
    private func probeAnswered(
        _ run: Incarnation,
        _ role: ProbeRole,
        _ attempt: Int,
        _ failure: String?
    ) {
        if let question = questions[run], question.role == role, question.attempt == attempt {
            questions[run] = nil
            ledgers[run.instance]?.answered(failure, at: now)
        }
        tell(.probeAnswered(run, role, attempt: attempt, failure: failure))
    }

    private func stopCommandEnded(_ run: Incarnation) {
        guard isIn(.up, run), runs[run]?.command == .running else { return }
        runs[run]?.command = .ended
        tell(.stopCommandEnded(run))
    }

    func exit(_ run: Incarnation, _ status: SystemTypes.ExitStatus?) {
        guard isIn(.up, run), let simulated = runs[run] else { return }
        if !simulated.hasEnded, !simulated.isKilled, fate.happens(20) { return end(run, status) }
        if simulated.command == .running { commandsToEnd.insert(run) }
        if simulated.survivors == 0 {
            forget(run)
        } else {
            runs[run]?.stage = .left
            runs[run]?.areLeftAlone = true
            if let linger = simulated.survivorsLinger { schedule(.treeGone(run), in: linger) }
        }
        if chance.happens(5) {
            ledgers[run.instance]?.outOfMemory(.outOfMemory(limit: 10, peak: 11))
            tell(.oomKilled(run, limit: 10, peak: 11))
        }
        unannounced.insert(run.instance)
        let (survivors, hasToGo) = (simulated.survivors, hasToGo(run))
        ledgers[run.instance]?.exited(
            status,
            survivors: survivors,
            at: now,
            hasToGo: hasToGo
        )
        if simulated.command == .running, survivors > 0 { ledgers[run.instance]?.asked(at: now) }
        tell(.exited(run, status, survivors: survivors))
    }

    /// What it printed takes its time, and how it ended is told after that.
    private func end(_ run: Incarnation, _ status: SystemTypes.ExitStatus?) {
        runs[run]?.hasEnded = true
        ledgers[run.instance]?.ended(at: now)
        schedule(.exit(run, status), in: fate.milliseconds(0...400))
        tell(.ended(run))
    }

    func treeGone(_ run: Incarnation) {
        guard isIn(.left, run) else { return }
        forget(run)
        let hasToGo = hasToGo(run)
        ledgers[run.instance]?.treeGone(at: now, hasToGo: hasToGo)
        tell(.treeGone(run))
    }

    private func forget(_ run: Incarnation) {
        runs[run] = nil
        runOf[run.instance] = nil
    }

    /// Lets `what` happen in the manner of whoever was asked.
    func obey(_ manner: SimulatedRun.Manner, _ what: Happening) {
        switch manner {
        case .atOnce where hasInterrupted: schedule(what, in: .zero)
        case .atOnce:
            hasInterrupted = isTelling
            happen(what)
        case .after(let delay): schedule(what, in: delay)
        case .never: break
        }
    }

    /// How SIGKILL is obeyed: always, but a process may be slow to die.
    func mannerOfDying() -> SimulatedRun.Manner {
        chance.happens(20) ? .atOnce : .after(chance.milliseconds(0...500))
    }
}
