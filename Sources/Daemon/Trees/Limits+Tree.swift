internal import LinuxSystem
internal import Supervision

/// A limit that all processes of an instance have together, and that only a cgroup can set.
struct TreeLimit {
    /// Its key in the configuration.
    let key: String
    let limit: Cgroup.Limit
}

extension Limits {
    var ofTree: [TreeLimit] {
        [
            memory.map { TreeLimit(key: "memory", limit: .memoryMax(UInt64($0))) },
            cpu.map { TreeLimit(key: "cpu", limit: .processorsMax($0)) },
            tasks.map { TreeLimit(key: "tasks", limit: .tasksMax(UInt64($0))) },
            ioWeight.map { TreeLimit(key: "ioWeight", limit: .ioWeight(UInt32($0))) },
        ].compactMap(\.self)
    }

    /// What undoes them.
    static let noneOfTree: [Cgroup.Limit] = [
        .memoryMax(nil), .processorsMax(nil), .tasksMax(nil), .ioWeight(100),
    ]
}

extension SpawnFailure {
    init(_ limit: TreeLimit, _ reason: String) {
        self.init(
            step: "cgroup",
            errno: 0,
            message: "cannot set limits.\(limit.key): \(reason)"
        )
    }
}
