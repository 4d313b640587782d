/// What a program may use at most, and how it stands against others; `nil` for no word about it.
public struct Limits: Equatable, Sendable, Codable {
    /// Those of setrlimit(2).
    public var resources: [Resource: ResourceLimit] = [:]
    /// Bytes, of all its processes together.
    public var memory: Int?
    /// Processors, of all its processes together: 1.5 is one and a half.
    public var cpu: Double?
    /// Processes and threads, together.
    public var tasks: Int?
    /// 1...10000, against the 100 of others.
    public var ioWeight: Int?
    /// -20...19.
    public var nice: Int?
    /// -1000...1000.
    public var oomScoreAdjust: Int?
    /// Numbers of processors; never empty.
    public var cpuAffinity: [Int]?

    /// By its key in `limits`.
    ///
    /// Source: setrlimit(2).
    public enum Resource: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
        case addressSpace, core, cpuTime, dataSize, fileSize, lockedMemory, openFiles, processes
        case stack
    }

    public init() {}
}

/// A limit for one process.
public struct ResourceLimit: Hashable, Sendable, Codable {
    /// `nil` for none.
    public var soft: UInt64?
    /// Up to which the process may raise `soft`; `nil` for no limit.
    public var hard: UInt64?

    public init(soft: UInt64?, hard: UInt64?) {
        self.soft = soft
        self.hard = hard
    }
}
