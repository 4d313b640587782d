internal import ControlProtocol
internal import LinuxSystem
internal import OrderedCollections
internal import Supervision
internal import Synchronization
internal import SystemTypes

/// Puts what supervision knows of an instance into the words of the interface.
struct StatusReport {
    let conductor: Conductor
    let registry: Registry
    let host: LinuxHost

    /// - Parameter asksUsage: To ask the kernel what a process uses takes longer than all the rest.
    /// - Returns: Of those that there are; sorted by name.
    func programs(_ ids: [InstanceID], asksUsage: Bool = true) -> [Program] {
        let now = Instant.now
        return ids.compactMap { conductor.supervisor.instances[$0] }
            .map { program($0, at: now, asksUsage: asksUsage) }
            .sorted { $0.name < $1.name }
    }

    private func program(
        _ instance: Instance,
        at now: Instant,
        asksUsage: Bool
    ) -> Program {
        let (id, machine) = (instance.id, instance.machine)
        var program = Program(
            name: instance.name,
            program: id.program,
            instance: id.number,
            state: State(machine.phase),
            since: WallTime(instance.changedAt).rfc3339
        )
        program.groups = registry.groups[id.program] ?? []
        program.isReady = instance.isReady
        program.isHealthy = instance.verdict
        program.restarts = instance.restarts
        program.failures = machine.failures
        program.lastExit = instance.lastEnd.map(LastExit.init)
        program.nextAttempt = nextAttempt(of: instance)?.rfc3339
        program.waitingFor = conductor.supervisor.waitingFor(id)
        program.description = conductor.supervisor.program(id.program)?.description
        program.log = Program.Log(stdout: Program.Log.Stream(), stderr: Program.Log.Stream())
        if let outputs = host.outputs[id] {
            let isOne = outputs.stderr === outputs.stdout
            let log = Program.Log(
                stdout: Program.Log.Stream(outputs.stdout.counters, at: now),
                stderr: isOne
                    ? Program.Log.Stream() : Program.Log.Stream(outputs.stderr.counters, at: now)
            )
            program.log = log
            program.logBytes = Program.LogBytes(stdout: log.stdout.bytes, stderr: log.stderr.bytes)
        }
        if let process = machine.process {
            program.pid = Int(process.rawValue)
            program.uptime = instance.startedAt.map { Seconds(rawValue: (now - $0).inSeconds) }
            program.statusText = instance.statusText
            if asksUsage { note(process, &program, host.usage(of: id)) }
        }
        return program
    }

    /// What all its processes use if that is counted, else what the main one does.
    private func note(_ process: ProcessID, _ program: inout Program, _ usage: TreeUsage?) {
        let isComplete = usage?.memoryBytes != nil
        let entry = isComplete ? nil : ProcessTable.entry(of: process)
        program.memoryBytes = usage?.memoryBytes ?? entry?.residentBytes
        program.processorTime = (usage?.processorTime ?? entry?.processorTime)
            .map { Seconds(rawValue: $0.inSeconds) }
    }

    private func nextAttempt(of instance: Instance) -> WallTime? {
        if case .backoff(let until) = instance.machine.state { return WallTime(until) }
        return conductor.supervisor.nextStart(of: instance.id.program)
    }

    // MARK: - Why it is so

    /// The last runs, the oldest first.
    func runs(of instance: Instance, count: Int) -> [Control.Run] {
        instance.history.records.suffix(count).map { Control.Run($0, of: instance.name) }
    }

    func explanation(of id: InstanceID) -> Control.Explanation? {
        let supervisor = conductor.supervisor
        guard let instance = supervisor.instances[id], let program = supervisor.program(id.program)
        else { return nil }
        return Control.Explanation(
            program: self.program(instance, at: .now, asksUsage: true),
            goal: Control.Explanation.Goal(instance.machine.goal),
            isEnabled: program.autostart,
            needs: supervisor.needs(of: id.program).map { need, isMet in
                Control.Explanation.Need(
                    program: need.program,
                    condition: Control.Explanation.Need.Condition(need.condition),
                    isMet: isMet
                )
            },
            neededBy: supervisor.dependents(of: id.program),
            runs: runs(of: instance, count: Int(Control.History.countDefault))
        )
    }
}

extension Program.Log.Stream {
    fileprivate init(_ counters: StreamCounters, at now: Instant) {
        self.init()
        bytes = counters.bytes.load(ordering: .relaxed)
        lines = counters.lines.load(ordering: .relaxed)
        droppedBytes = counters.droppedBytes.load(ordering: .relaxed)
        droppedLines = counters.droppedLines.load(ordering: .relaxed)
        rotations = counters.rotations.load(ordering: .relaxed)
        stalled = Seconds(rawValue: counters.stallTime(at: now).inSeconds)
    }
}

extension State {
    init(_ phase: Phase) {
        self =
            switch phase {
            case .stopped: .stopped
            case .waiting: .waiting
            case .starting: .starting
            case .running: .running
            case .backoff: .backoff
            case .stopping: .stopping
            case .exited: .exited
            case .fatal: .fatal
            }
    }
}

extension Control.Explanation.Goal {
    fileprivate init(_ goal: ProcessMachine.Goal) {
        self =
            switch goal {
            case .up, .held: .up
            case .leaving, .down, .gone: .down
            }
    }
}

extension Control.Explanation.Need.Condition {
    fileprivate init(_ condition: Dependency.Condition) {
        self =
            switch condition {
            case .started: .started
            case .ready: .ready
            case .healthy: .healthy
            case .completed: .completed
            }
    }
}
