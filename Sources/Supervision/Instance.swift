public import SystemTypes

/// One instance of a program: its machine, and what is remembered about its runs.
public struct Instance: Sendable, Codable {
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
    /// The end of a run, or of an attempt at one.
    public internal(set) var lastEnd: RunRecord.End?
    public internal(set) var history = History()
    /// What the program last said of itself.
    public internal(set) var statusText: String?
    /// What the check of a running program says; `nil` where it has not said anything yet.
    public internal(set) var verdict: Bool?
    public internal(set) var checks = Checks()
    /// Why the run goes on with other limits than the configuration says; `nil` if it does not.
    public internal(set) var limitsRefusal: SpawnFailure?
    /// It goes for good: its program was taken from the configuration, or is to have fewer.
    public internal(set) var isRetiring = false
    /// Why the stop began that is under way, or was the last.
    var stopCause = Cause.unknown
    /// When the process of the present run ended, as long as it is not told how.
    var endedAt: Instant?
    /// What the kernel has said of the present run.
    var outOfMemory: Cause?
    /// Who has asked for the next run.
    public internal(set) var starter = Requester.keepd
    /// A spawn that the machine has asked for, and that the pace holds back.
    var queued: QueuedSpawn?

    /// A spawn that has to wait for its turn.
    struct QueuedSpawn: Equatable, Codable {
        /// The policy wants it, and nobody has given an order.
        let isRestart: Bool
    }

    /// - Parameter serial: Of the last run of one that was called the same.
    init(id: InstanceID, name: String, policy: Policy, after serial: Int, at now: Instant) {
        self.id = id
        self.name = name
        machine = ProcessMachine(policy: policy)
        incarnation = Incarnation(instance: id, serial: serial)
        changedAt = now
    }

    /// Of a state that has been read, and that has the policy with the program.
    mutating func restore(_ policy: Policy) {
        machine.restore(policy)
        checks.restore(checksNeeded)
    }

    public var isReady: Bool { machine.phase == .running }

    /// Ready, and not known to be unwell; where something is asked, it has to have answered.
    public var isHealthy: Bool {
        guard isReady, machine.policy.health != nil else { return isReady }
        return verdict == true
    }

    /// Of one that has ended nothing is asked.
    var checksNeeded: Checks.Need { endedAt == nil ? Checks.Need(of: machine) : .nothing }

    /// When something has to be done about it, if nothing is reported before.
    public var deadline: Instant? {
        // It gets neither ready nor too late any more.
        if endedAt != nil, machine.phase != .stopping { return nil }
        guard let machine = machine.deadline else { return checks.deadline }
        return checks.deadline.map { min($0, machine) } ?? machine
    }

    mutating func beginRun(_ spawn: QueuedSpawn, at now: Instant) {
        incarnation = Incarnation(instance: id, serial: incarnation.serial + 1)
        (statusText, outOfMemory, queued, limitsRefusal) = (nil, nil, nil, nil)
        endedAt = nil
        if spawn.isRestart { restarts += 1 }
        history.append(RunRecord(startedAt: now, by: spawn.isRestart ? .keepd : starter))
    }

    func cause(of status: ExitStatus?) -> Cause {
        machine.phase == .stopping ? stopCause : outOfMemory ?? status.map(Cause.init) ?? .unknown
    }
}
