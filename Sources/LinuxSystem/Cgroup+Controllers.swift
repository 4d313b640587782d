public import SystemPackage

/// What the kernel counts and limits for a group, where the controller is enabled in its parent.
extension Cgroup {
    /// As the kernel names them.
    public enum Controller: String, CaseIterable, Sendable {
        case cpu, cpuset, io, memory, pids
    }

    /// A limit of the group; `nil` stands for none.
    public enum Limit: Equatable, Sendable {
        /// Bytes; beyond, something is killed.
        case memoryMax(UInt64?)
        /// Bytes; beyond, the group is slowed down.
        case memoryHigh(UInt64?)
        /// Processors' worth of time, such as 1.5.
        case processorsMax(Double?)
        /// 1...10000; what is usual is 100.
        case processorWeight(UInt32)
        /// Threads, of all processes.
        case tasksMax(UInt64?)
        /// 1...10000; what is usual is 100.
        case ioWeight(UInt32)

        public var controller: Controller {
            switch self {
            case .memoryMax, .memoryHigh: .memory
            case .processorsMax, .processorWeight: .cpu
            case .tasksMax: .pids
            case .ioWeight: .io
            }
        }

        /// The length of the time slice, in microseconds, of which `cpu.max` gives a part.
        private static let period = 100_000

        /// The file of the group, and what is written to it.
        var line: (file: String, value: String) {
            switch self {
            case .memoryMax(let bytes): ("memory.max", Limit.word(bytes))
            case .memoryHigh(let bytes): ("memory.high", Limit.word(bytes))
            case .processorsMax(let share):
                // The kernel takes no less than a millisecond.
                (
                    "cpu.max",
                    Limit.word(share.map { UInt64(max(1_000, $0 * Double(Limit.period))) })
                        + " \(Limit.period)"
                )
            case .processorWeight(let weight): ("cpu.weight", String(weight))
            case .tasksMax(let count): ("pids.max", Limit.word(count))
            case .ioWeight(let weight): ("io.weight", "default \(weight)")
            }
        }

        private static func word(_ number: UInt64?) -> String {
            number.map { String($0) } ?? "max"
        }
    }

    /// The controllers that its parent lets it have.
    public var controllers: Set<Controller> {
        get throws(Errno) { Cgroup.controllers(try value(of: "cgroup.controllers")) }
    }

    /// The controllers that the groups below it have.
    public var enabledControllers: Set<Controller> {
        get throws(Errno) { Cgroup.controllers(try value(of: "cgroup.subtree_control")) }
    }

    static func controllers(_ text: String) -> Set<Controller> {
        Set(
            text.split(whereSeparator: \.isWhitespace).compactMap {
                Controller(rawValue: String($0))
            }
        )
    }

    /// Lets the groups below it have `controllers` too.
    ///
    /// - Throws: `.resourceBusy` while the group has processes of its own, unless it is the root:
    ///   they have to go into a leaf first, see ``evacuate(to:)``. `.noSuchFileOrDirectory` for one
    ///   that this group does not have.
    public func enable(_ controllers: Set<Controller>) throws(Errno) {
        guard !controllers.isEmpty else { return }
        let words = controllers.map { "+\($0.rawValue)" }.sorted()
        try set("cgroup.subtree_control", to: words.joined(separator: " "))
    }

    /// Takes `controllers` from the groups below it; what they limited is free.
    public func disable(_ controllers: Set<Controller>) throws(Errno) {
        guard !controllers.isEmpty else { return }
        let words = controllers.map { "-\($0.rawValue)" }.sorted()
        try set("cgroup.subtree_control", to: words.joined(separator: " "))
    }

    /// Takes all controllers from the groups below it, and from those below them.
    public func release() {
        for child in children { child.release() }
        if let enabled = try? enabledControllers { try? disable(enabled) }
    }

    /// Moves all its own processes into a group below it, which is made if it is not there.
    ///
    /// A group that has given controllers to those below must not have processes of its own.
    ///
    /// - Returns: That group.
    @discardableResult
    public func evacuate(to name: String) throws(Errno) -> Cgroup {
        let leaf = child(name)
        if !leaf.exists { try leaf.make() }
        // Again, for those that were forked meanwhile.
        for _ in 0..<Cgroup.passesMax {
            let members = try value(of: "cgroup.procs").split(separator: "\n")
            if members.isEmpty { return leaf }
            for member in members {
                do {
                    try leaf.set("cgroup.procs", to: String(member))
                } catch .noSuchProcess {
                    // It has ended.
                }
            }
        }
        throw .resourceBusy
    }

    /// - Throws: `.noSuchFileOrDirectory` where the controller is not enabled.
    public func set(_ limit: Limit) throws(Errno) {
        let (file, value) = limit.line
        try set(file, to: value)
    }

    /// How often the memory limits took effect; `oom_kill` counts the processes that were killed.
    public var memoryEvents: CgroupCounts {
        get throws(Errno) { CgroupCounts(try value(of: "memory.events")) }
    }

    /// Times in microseconds: `usage_usec`, `user_usec`, `system_usec`; needs no controller.
    public var processorStatistics: CgroupCounts {
        get throws(Errno) { CgroupCounts(try value(of: "cpu.stat")) }
    }
}
