public import SystemTypes

/// One instance of a program: its machine, and what is remembered about its runs.
public struct Instance: Sendable {
    public let id: InstanceID
    /// What users call it: `web`, or `web:3`.
    public let name: String
    public internal(set) var machine: ProcessMachine
    public internal(set) var incarnation: Incarnation
    /// When the present phase began.
    public internal(set) var changedAt: Instant
    /// When the process that lives now was started.
    public internal(set) var startedAt: Instant?
    /// How often it was started again because its policy said so.
    public internal(set) var restarts = 0
    public internal(set) var lastEnd: End?
    /// Who asked for the stop that is under way, or was the last.
    var stopper = Requester.keepd

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
}
