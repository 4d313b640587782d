public import SystemTypes

/// One instance of a program: its machine, and what is remembered about its runs.
public struct Instance: Sendable {
    public let id: InstanceID
    /// What users call it: `web`, or `web:3`.
    public internal(set) var name: String
    public internal(set) var machine: ProcessMachine
    public internal(set) var incarnation: Incarnation
    /// When the present phase began.
    public internal(set) var changedAt: Instant
    /// When the process that lives now was started.
    public internal(set) var startedAt: Instant?
    /// How often it was started again because its policy said so.
    public internal(set) var restarts = 0
    public internal(set) var lastEnd: End?
    /// What the program last said of itself.
    public internal(set) var statusText: String?
    /// What outlived the main process of the present run, or of the last.
    public internal(set) var leftBehind: [Survivor] = []
    /// Why the stop began that is under way, or was the last.
    var stopCause = Cause.unknown
    /// What the kernel has said of the present run.
    var outOfMemory: Cause?

    /// The end of a run, or of an attempt at one.
    public struct End: Equatable, Sendable {
        public let cause: Cause
        /// `nil` if no process was there to end.
        public let status: ExitStatus?
        public let at: Instant
    }

    init(id: InstanceID, name: String, policy: Policy, at now: Instant) {
        self.id = id
        self.name = name
        machine = ProcessMachine(policy: policy)
        incarnation = Incarnation(instance: id, serial: 0)
        changedAt = now
    }

    public var isReady: Bool { machine.phase == .running }

    var deadline: Instant? { machine.deadline }

    mutating func beginRun() {
        incarnation = Incarnation(instance: id, serial: incarnation.serial + 1)
        (statusText, outOfMemory, leftBehind) = (nil, nil, [])
    }

    func cause(of status: ExitStatus) -> Cause {
        machine.phase == .stopping ? stopCause : outOfMemory ?? Cause(status)
    }

    // MARK: - What others need

    /// Its last run ended of its own accord, as it should.
    var hasCompleted: Bool {
        guard machine.state == .exited || machine.state == .stopped,
            case .exit = lastEnd?.cause, let status = lastEnd?.status
        else { return false }
        return machine.policy.restart.isSuccess(status)
    }

    func meets(_ condition: Dependency.Condition) -> Bool {
        // What runs to completion has been up if it is completed.
        if machine.policy.kind != .service, hasCompleted { return true }
        switch condition {
        case .started:
            return machine.process != nil && machine.phase != .stopping
        case .ready, .healthy:
            return isReady
        case .completed:
            return machine.state == .exited && hasCompleted
        }
    }

    /// Nothing but an order will make it run again.
    var hasFailedForGood: Bool {
        switch machine.state {
        case .fatal: true
        case .exited: machine.policy.kind == .oneshot && !hasCompleted
        case .stopped, .waiting, .spawning, .starting, .running, .preparing, .stopping, .killing,
            .outlived, .clearing, .backoff:
            false
        }
    }
}
