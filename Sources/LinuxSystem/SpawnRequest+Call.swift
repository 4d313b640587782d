internal import CLinux
internal import SystemTypes

// What a request says, in the words of C.
extension SpawnRequest {
    func fillPrivileges(into call: inout clinux_spawn) {
        if let identity {
            (call.changes_identity, call.uid, call.gid) = (1, identity.user, identity.group)
        }
        if let niceness { (call.changes_nice, call.nice) = (1, niceness) }
        if let oomScoreAdjust {
            (call.changes_oom_score_adjust, call.oom_score_adjust) = (1, oomScoreAdjust)
        }
        if let capabilities {
            call.changes_capabilities = 1
            call.capabilities = clinux_capabilities(
                ambient: capabilities.ambient.word,
                inheritable: capabilities.inheritable.word,
                bounding: capabilities.bounding?.word ?? .max
            )
        }
        call.no_new_privileges = noNewPrivileges ? 1 : 0
        call.parent_death_signal = parentDeathSignal?.rawValue ?? 0
    }

    func withDescriptors(
        _ stdio: (CInt, CInt, CInt),
        of call: inout clinux_spawn,
        _ body: (inout clinux_spawn) -> CInt
    ) -> CInt {
        precondition(descriptors.keys.allSatisfy { $0 > 2 }, "a standard descriptor twice")
        let count = 3 + descriptors.count
        return withUnsafeTemporaryAllocation(of: clinux_descriptor.self, capacity: count) { all in
            all.initializeElement(at: 0, to: clinux_descriptor(from: stdio.0, to: 0))
            all.initializeElement(at: 1, to: clinux_descriptor(from: stdio.1, to: 1))
            all.initializeElement(at: 2, to: clinux_descriptor(from: stdio.2, to: 2))
            for (index, (number, descriptor)) in descriptors.enumerated() {
                all.initializeElement(
                    at: 3 + index,
                    to: clinux_descriptor(from: descriptor, to: number)
                )
            }
            call.descriptors = all.baseAddress
            call.descriptor_count = count
            return body(&call)
        }
    }

    /// For the time of `body`.
    func withLists(
        of call: inout clinux_spawn,
        _ body: (inout clinux_spawn) -> CInt
    ) -> CInt {
        let groups = identity?.supplementaryGroups ?? []
        let processors = processors.map(SpawnRequest.words) ?? []
        let limits = limits.map {
            clinux_limit(
                resource: $0.resource.number,
                soft: $0.soft,
                hard: $0.hard ?? $0.inheritedHard
            )
        }
        return groups.withUnsafeBufferPointer { groups in
            limits.withUnsafeBufferPointer { limits in
                processors.withUnsafeBufferPointer { processors in
                    (call.groups, call.group_count) = (groups.baseAddress, groups.count)
                    (call.limits, call.limit_count) = (limits.baseAddress, limits.count)
                    call.affinity = self.processors == nil ? nil : processors.baseAddress
                    call.affinity_bytes = processors.count * MemoryLayout<UInt>.size
                    return body(&call)
                }
            }
        }
    }

    /// A bit for each number; at least one word.
    private static func words(_ numbers: Set<Int>) -> [UInt] {
        var words = [UInt](repeating: 0, count: (numbers.max() ?? 0) / UInt.bitWidth + 1)
        for number in numbers where number >= 0 {
            words[number / UInt.bitWidth] |= 1 << UInt(number % UInt.bitWidth)
        }
        return words
    }
}

extension SpawnRequest.Family {
    var word: clinux_family {
        switch self {
        case .inherited: CLINUX_FAMILY_INHERIT
        case .group: CLINUX_FAMILY_GROUP
        case .session: CLINUX_FAMILY_SESSION
        case .terminal: CLINUX_FAMILY_TERMINAL
        }
    }
}
