/// Which of a program's instances; outlives every restart of it.
public struct InstanceID: Hashable, Sendable, Codable {
    public let program: String
    /// 0 to `instances` - 1.
    public let number: Int

    public init(program: String, number: Int) {
        self.program = program
        self.number = number
    }
}

/// One run of an instance, from the request to spawn it until its whole tree is gone.
///
/// What is reported of an earlier run cannot be taken for a report of a later one.
public struct Incarnation: Hashable, Sendable, Codable {
    public let instance: InstanceID
    /// 1 for the first run since the daemon started.
    public let serial: Int

    public init(instance: InstanceID, serial: Int) {
        self.instance = instance
        self.serial = serial
    }
}
