internal import Glibc

/// What a process may use at most.
///
/// Source: getrlimit(2).
public struct ResourceLimit: Equatable, Sendable {
    /// By the names of prlimit(1).
    public enum Resource: String, CaseIterable, Sendable {
        /// Bytes.
        case addressSpace = "as"
        case coreSize = "core"
        /// Seconds.
        case processorTime = "cpu"
        case dataSize = "data"
        case fileSize = "fsize"
        case locks
        case lockedMemory = "memlock"
        case messageQueues = "msgqueue"
        /// 20 - niceness.
        case niceness = "nice"
        case openFiles = "nofile"
        /// Of the user, not of the program.
        case processes = "nproc"
        case residentSize = "rss"
        case realTimePriority = "rtprio"
        /// Microseconds.
        case realTimeSlice = "rttime"
        case pendingSignals = "sigpending"
        case stackSize = "stack"
    }

    public static let unlimited = UInt64.max

    public var resource: Resource
    /// What counts; the program may raise it up to `hard`.
    public var soft: UInt64
    /// `nil` to keep the caller's.
    public var hard: UInt64?

    public init(_ resource: Resource, soft: UInt64, hard: UInt64?) {
        self.resource = resource
        self.soft = soft
        self.hard = hard
    }

    /// The calling process' own hard limit.
    var inheritedHard: UInt64 {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(UInt32(resource.number)), &limit)
        return UInt64(limit.rlim_max)
    }
}

extension ResourceLimit.Resource {
    /// As in asm-generic/resource.h.
    var number: CInt {
        switch self {
        case .processorTime: 0
        case .fileSize: 1
        case .dataSize: 2
        case .stackSize: 3
        case .coreSize: 4
        case .residentSize: 5
        case .processes: 6
        case .openFiles: 7
        case .lockedMemory: 8
        case .addressSpace: 9
        case .locks: 10
        case .pendingSignals: 11
        case .messageQueues: 12
        case .niceness: 13
        case .realTimePriority: 14
        case .realTimeSlice: 15
        }
    }
}
