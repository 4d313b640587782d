internal import DequeModule
internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// Going on in another process image, whose children the programs still are.
extension LinuxHost {
    /// All that is read of what programs print.
    var streams: [StreamID] { outputs.values.flatMap(\.streams) }

    /// Gives up what can be asked for anew, for the one who goes on is told ``Supervisor/Event/resumed``.
    func forgetRequests() {
        attendants?.forgetRequests()
        toSpawn = []
    }

    /// - Parameter frozen: All of ``streams``, standing still.
    func state(_ frozen: [StreamID: FrozenStream], _ luggage: Luggage) -> HostState {
        HostState(
            runs: runs.values.map { $0.state(luggage) },
            outputs: outputs.values.map { $0.state(frozen, luggage) },
            trees: trees.state,
            attendants: attendants?.state(luggage) ?? AttendantsState()
        )
    }

    /// Takes over what another one has left; before anything is asked.
    func restore(_ state: HostState, _ luggage: Luggage) throws(Errno) {
        for state in state.outputs {
            let restored = try Outputs(state, luggage, logs: logs)
            restored.input?.resume(on: loop)
            outputs[state.wiring.instance] = restored
        }
        try attendants?.restore(state.attendants, luggage) { () throws(Errno) in
            for state in state.runs { try restore(state, luggage) }
        }
        adoptLogPolicies()
    }

    /// Sets limits anew, which whoever clears up after a crash has taken away.
    func renewLimits() {
        for (id, run) in runs {
            guard case .alive = run.stage, let program = conductor?.supervisor.program(id.program)
            else { continue }
            do {
                try run.tree.adopt(program.limits)
            } catch {
                logger.warning("\(program.displayName(of: id.number)): \(error)")
            }
        }
    }

    private func restore(_ state: RunState, _ luggage: Luggage) throws(Errno) {
        let (run, id) = (state.incarnation, state.incarnation.instance)
        let child = try state.child.map { (number) throws(Errno) in
            let pidfd = PidFD(adopting: try luggage.unpack(number))
            return try loop.adopt(state.first, pidfd) { [weak self] in self?.childEnded(run, $0) }
        }
        let appointed = try state.appointed.map { (state) throws(Errno) in
            let pidfd = PidFD(adopting: try luggage.unpack(state.descriptor))
            return try AppointedProcess(state.process, pidfd, on: loop) { [weak self] in
                self?.ended(run, $0)
            }
        }
        let tree = trees.tree(of: id)
        tree.resumed(with: child)
        for process in state.mains { trees.mains[process] = id }
        let restored = Run(state, child, appointed: appointed, tree)
        runs[id] = restored
        switch state.stage {
        case .alive:
            outputs[id]?.note(restored.main)
            guard let program = conductor?.supervisor.program(id.program) else { return }
            attendants?.adopt(program, streams: outputs[id]?.streams ?? [], by: run)
        case .ended(let status):
            ended(run, status)
        case .outlived:
            restored.stage = .outlived([])
            watch(restored)
        }
    }
}
