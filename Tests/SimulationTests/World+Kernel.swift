import OrderedCollections
import Supervision
import SystemTypes

/// How processes come, go, and leave others behind.
extension World {
    func happen(_ what: Happening) {
        switch what {
        case .answer(let run): answer(run)
        case .exit(let run, let status): exit(run, status)
        case .treeGone(let run): treeGone(run)
        }
    }

    /// Whatever was scheduled for a run may have been overtaken; then nothing happens.
    private func isIn(_ stage: SimulatedRun.Stage, _ run: Incarnation) -> Bool {
        runs[run]?.stage == stage
    }

    func answer(_ run: Incarnation) {
        guard let simulated = runs[run], simulated.stage == .requested else { return }
        if simulated.failsToSpawn {
            runs[run] = nil
            let failure = SpawnFailure(step: "execve", errno: 2, message: "cannot execute it")
            unannounced.insert(run.instance)
            ledgers[run.instance]?.spawnFailed(failure, at: now)
            tell(.spawnFailed(run, failure))
        } else {
            runs[run]?.stage = .up
            // Numbers come again soon, for identity must not depend on them.
            let process = ProcessID(rawValue: Int32(chance.number(2...5)))
            if let lifetime = simulated.lifetime {
                schedule(.exit(run, simulated.status), in: lifetime)
            }
            ledgers[run.instance]?.spawned(process, at: now)
            tell(.spawned(run, process))
        }
    }

    func exit(_ run: Incarnation, _ status: SystemTypes.ExitStatus) {
        guard isIn(.up, run), let simulated = runs[run] else { return }
        if simulated.survivors == 0 {
            runs[run] = nil
        } else {
            runs[run]?.stage = .left
            runs[run]?.areLeftAlone = true
            if let linger = simulated.survivorsLinger { schedule(.treeGone(run), in: linger) }
        }
        unannounced.insert(run.instance)
        ledgers[run.instance]?.exited(status, survivors: simulated.survivors, at: now)
        tell(.exited(run, status, survivors: simulated.survivors))
    }

    func treeGone(_ run: Incarnation) {
        guard isIn(.left, run) else { return }
        runs[run] = nil
        ledgers[run.instance]?.treeGone(at: now)
        tell(.treeGone(run))
    }

    /// Lets `what` happen in the manner of whoever was asked.
    func obey(_ manner: SimulatedRun.Manner, _ what: Happening) {
        switch manner {
        case .atOnce: happen(what)
        case .after(let delay): schedule(what, in: delay)
        case .never: break
        }
    }

    /// How SIGKILL is obeyed: always, but a process may be slow to die.
    func mannerOfDying() -> SimulatedRun.Manner {
        chance.happens(20) ? .atOnce : .after(chance.milliseconds(0...500))
    }
}
