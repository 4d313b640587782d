internal import ControlProtocol
internal import LinuxSystem
internal import Supervision
internal import Synchronization
internal import SystemTypes

/// Puts what supervision knows of an instance into the words of the interface.
struct StatusReport {
    private let programs: [String: ProgramConfiguration]
    private let groups: [String: [String]]

    init(_ configuration: Configuration) {
        programs = Dictionary(uniqueKeysWithValues: configuration.programs.map { ($0.name, $0) })
        var groups: [String: [String]] = [:]
        for group in configuration.groups {
            for program in group.programs { groups[program, default: []].append(group.name) }
        }
        self.groups = groups
    }

    /// - Parameter outputs: `nil` before the first start.
    func program(_ instance: Instance, outputs: Outputs?, at now: Instant) -> Program {
        let machine = instance.machine
        var program = Program(
            name: instance.name,
            program: instance.id.program,
            instance: instance.id.number,
            state: State(machine.phase),
            since: WallTime(instance.changedAt).rfc3339
        )
        program.groups = groups[instance.id.program] ?? []
        program.isReady = machine.phase == .running
        program.restarts = instance.restarts
        program.failures = machine.failures
        program.lastExit = instance.lastEnd.map(LastExit.init)
        if case .backoff(let until) = machine.state {
            program.nextAttempt = WallTime(until).rfc3339
        }
        program.description = programs[instance.id.program]?.description
        if let outputs {
            program.logBytes.stdout = outputs.stdout.counters.bytes.load(ordering: .relaxed)
            program.logBytes.stderr =
                outputs.stderr === outputs.stdout
                ? 0 : outputs.stderr.counters.bytes.load(ordering: .relaxed)
        }
        if let process = machine.process {
            program.pid = Int(process.rawValue)
            program.uptime = instance.startedAt.map { Seconds(rawValue: (now - $0).inSeconds) }
            let entry = ProcessTable.entry(of: process)
            program.memoryBytes = entry?.residentBytes
            program.processorTime = entry.map { Seconds(rawValue: $0.processorTime.inSeconds) }
        }
        return program
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

extension LastExit {
    init(_ end: RunRecord.End) {
        self.init(
            cause: end.cause.keyword,
            at: WallTime(end.at).rfc3339,
            message: end.cause.description
        )
        switch end.status {
        case .exited(let code): self.code = Int(code)
        case .signaled(let signal, _): self.signal = signal.description
        case nil: break
        }
        if case .stopped(let requester) = end.cause { by = requester.description }
    }
}
