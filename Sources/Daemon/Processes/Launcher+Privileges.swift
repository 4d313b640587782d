internal import LinuxSystem
internal import Supervision

/// Who a process is, what it may do, and how much.
extension Launcher {
    /// Whom the program names; `nil` if it names nobody.
    func user(of program: ProgramConfiguration) throws(SpawnFailure) -> Accounts.User? {
        guard let name = program.user else { return nil }
        guard let user = Accounts.user(name) else { throw .unknown("user", name) }
        return user
    }

    /// - Returns: `nil` where there is nothing to change.
    func identity(
        of program: ProgramConfiguration,
        _ named: Accounts.User?
    ) throws(SpawnFailure) -> SpawnRequest.Identity? {
        guard named != nil || program.group != nil else { return nil }
        let user = named ?? Accounts.user(id: Accounts.effectiveUser)
        var group = user?.group
        if let name = program.group {
            group = Accounts.group(name)
            if group == nil { throw .unknown("group", name) }
        }
        let ownGroup = group ?? 0
        if Launcher.isOwn(user?.id, program.group == nil ? nil : ownGroup) { return nil }
        return SpawnRequest.Identity(
            user: user?.id ?? Accounts.effectiveUser,
            group: ownGroup,
            supplementaryGroups: user.map { Accounts.groups(of: $0, with: ownGroup) } ?? [ownGroup]
        )
    }

    /// Whether a daemon that is not root, and that may not even set its own groups, is all of these
    /// already.
    private static func isOwn(_ user: UInt32?, _ group: UInt32?) -> Bool {
        let own = Accounts.effectiveUser
        return own != 0 && (user ?? own) == own
            && (group ?? Accounts.effectiveGroup) == Accounts.effectiveGroup
    }

    /// A program that is not root has them at once, and root has no others.
    func capabilities(
        of program: ProgramConfiguration
    ) throws(SpawnFailure) -> CapabilitySets? {
        guard let names = program.security.capabilities else { return nil }
        var kept: Set<Capability> = []
        for name in names {
            guard let capability = Capability(name: name) else {
                throw .unknown("capability", name)
            }
            kept.insert(capability)
        }
        return CapabilitySets(ambient: kept, inheritable: kept, bounding: kept)
    }

    /// Those of each process for itself.
    func setLimits(_ limits: Limits, of request: inout SpawnRequest) {
        var all = limits.resources
        if all[.openFiles] == nil {
            request.limits = [
                ResourceLimit(.openFiles, soft: surroundings.openFilesMax, hard: nil)
            ]
        }
        for resource in Limits.Resource.allCases {
            guard let limit = all.removeValue(forKey: resource) else { continue }
            request.limits.append(
                ResourceLimit(
                    resource.kernelResource,
                    soft: limit.soft ?? LinuxSystem.ResourceLimit.unlimited,
                    hard: limit.hard ?? LinuxSystem.ResourceLimit.unlimited
                )
            )
        }
        request.niceness = limits.nice.map(Int32.init)
        request.oomScoreAdjust = limits.oomScoreAdjust.map(Int32.init)
        request.processors = limits.cpuAffinity.map(Set.init)
    }
}

extension Limits.Resource {
    fileprivate var kernelResource: LinuxSystem.ResourceLimit.Resource {
        switch self {
        case .addressSpace: .addressSpace
        case .core: .coreSize
        case .cpuTime: .processorTime
        case .dataSize: .dataSize
        case .fileSize: .fileSize
        case .lockedMemory: .lockedMemory
        case .openFiles: .openFiles
        case .processes: .processes
        case .stack: .stackSize
        }
    }
}

extension SpawnFailure {
    fileprivate static func unknown(_ kind: String, _ name: String) -> SpawnFailure {
        SpawnFailure(
            step: "identity",
            errno: 0,
            message: "cannot become \(kind) \(name): no such \(kind)"
        )
    }
}
