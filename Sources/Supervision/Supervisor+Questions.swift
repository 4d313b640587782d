import OrderedCollections
public import SystemTypes

/// What can be asked about programs, and about instances as members of them.
extension Supervisor {
    /// A program as it is to be from now on; one that is gone from the configuration as it was,
    /// until nothing is left of it.
    public func program(_ name: String) -> ProgramConfiguration? { programs[name]?.program }

    /// The programs, by their names; also those that go for good.
    public var programNames: [String] { Array(programs.keys) }

    /// All that are there, also those that go for good; program by program.
    public var roster: [InstanceID] {
        programs.values.flatMap { membership in
            (membership.instances + membership.surplus).filter { instances[$0] != nil }
        }
    }

    /// When patience ends with all that is being stopped; `nil` if the end is not under way, or
    /// patience is over.
    public var killAt: Instant? {
        if case .stopping(let killAt) = stage { killAt } else { nil }
    }

    /// When a program with a schedule is due; `nil` for never, and for all others.
    public func nextStart(of program: String) -> WallTime? { programs[program]?.timetable?.next }

    /// What a program needs, and whether it has that now.
    public func needs(of program: String) -> [(need: Dependency, isMet: Bool)] {
        programs[program]?.needs.map { ($0, isMet($0)) } ?? []
    }

    /// The names of the programs that need this one.
    public func dependents(of program: String) -> [String] {
        programs[program]?.neededBy.map(\.program) ?? []
    }

    /// Whether a rolling restart has still to come to an instance, or waits for it.
    public func isRolling(_ id: InstanceID) -> Bool {
        rolling.contains { $0.awaited?.instance == id || $0.remaining.contains(id) }
    }
}
