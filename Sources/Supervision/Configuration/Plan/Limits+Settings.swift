extension Limits {
    var settings: [Setting] {
        Resource.allCases.map { resource in
            // Each of its processes has its own, taken over when it was born.
            Setting("limits.\(resource.rawValue)", .restart, resources[resource]?.text(resource))
        } + [
            // Those of a cgroup can be changed under a running program.
            Setting("limits.memory", .live, memory.map { Size(bytes: UInt64($0)) }),
            Setting("limits.cpu", .live, cpu),
            Setting("limits.tasks", .live, tasks),
            Setting("limits.ioWeight", .live, ioWeight),
            Setting("limits.nice", .restart, nice),
            Setting("limits.oomScoreAdjust", .restart, oomScoreAdjust),
            Setting("limits.cpuAffinity", .restart, cpuAffinity),
        ]
    }
}

extension ResourceLimit {
    fileprivate func text(_ resource: Limits.Resource) -> any JSONRepresentable {
        func bound(_ bound: UInt64?) -> any JSONRepresentable {
            guard let bound else { return "unlimited" }
            return switch resource {
            case .openFiles, .processes: Int(bound)
            case .cpuTime: Duration.seconds(Int64(bound))
            case .addressSpace, .core, .dataSize, .fileSize, .lockedMemory, .stack:
                Size(bytes: bound)
            }
        }
        if soft == hard { return bound(soft) }
        return JSONObject([("soft", bound(soft)), ("hard", bound(hard))])
    }
}
