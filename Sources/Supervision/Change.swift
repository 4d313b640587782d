public import SystemTypes

/// A change of phase or of health, told to whoever shows or waits for it.
public struct Change: Equatable, Sendable {
    public let instance: InstanceID
    public let name: String
    public let from: Phase
    public let to: Phase
    public let process: ProcessID?
    /// Why the run ended, where the change follows from an end; or why it is not well.
    public let cause: Cause?
    /// How the run ended from which the change follows.
    public let end: RunRecord.End?
    /// Who has asked for it, if anybody has.
    public let requester: Requester?
    /// Until the next attempt, for ``Phase/backoff``.
    public let delay: Duration?
    /// What a check has found, where that is the change; the phase is the same then.
    public let isHealthy: Bool?
    public let at: Instant
}

extension Change {
    /// The change that a step has brought about; `nil` if nobody has to know.
    init?(
        of instance: Instance,
        from before: ProcessMachine,
        ended: RunRecord.End?,
        at now: Instant
    ) {
        let machine = instance.machine
        // In one and the same phase a new process is there, or one that ended makes way for the next.
        let isOtherStart = machine.phase == .starting && machine.process != before.process
        guard machine.phase != before.phase || isOtherStart else { return nil }
        self.instance = instance.id
        name = instance.name
        from = before.phase
        to = machine.phase
        process = machine.process
        cause = ended?.cause
        end = ended
        requester = instance.requester
        delay = if case .backoff(let until) = machine.state { until - now } else { nil }
        isHealthy = nil
        at = now
    }

    init(of instance: Instance, isHealthy: Bool, _ cause: Cause?, at now: Instant) {
        self.instance = instance.id
        name = instance.name
        from = instance.machine.phase
        to = instance.machine.phase
        process = instance.machine.process
        self.cause = cause
        (end, requester, delay) = (nil, nil, nil)
        self.isHealthy = isHealthy
        at = now
    }
}

extension Change: CustomStringConvertible {
    /// As the log has it: `started, pid 4242`.
    public var description: String {
        let reason = cause.map { ": \($0)" } ?? ""
        if let isHealthy { return isHealthy ? "healthy" : "unhealthy\(reason)" }
        switch to {
        case .starting:
            if let process { return "started, pid \(process)" }
            return cause == nil ? "starting" : "ended\(reason); starting again"
        case .backoff:
            let milliseconds = (delay?.nanoseconds ?? 0) / 1_000_000
            return "failed\(reason); next attempt in \(milliseconds) ms"
        case .fatal: return "given up\(reason)"
        case .exited: return "exited\(reason)"
        case .stopped: return "stopped"
        case .running, .stopping, .waiting: return to.rawValue
        }
    }
}
