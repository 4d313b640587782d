/// What has to be done to go from one configuration to another.
///
/// A program that it does not name is the same in both, and is not touched. The order of the
/// programs is not part of it: a new one counts from the next start.
public struct Plan: Equatable, Sendable {
    public let old: Configuration
    public let new: Configuration
    /// The removed first, then the others in their new order.
    public let programs: [ProgramChange]
    public let daemon: [KeyChange]
    /// By the name of the group, with its members.
    public let groups: [KeyChange]

    public init(from old: Configuration, to new: Configuration) {
        self.old = old
        self.new = new
        let before = Dictionary(old.programs.map { ($0.name, $0) }) { first, _ in first }
        let kept = Set(new.programs.map(\.name))
        let removed = old.programs.filter { !kept.contains($0.name) }.map { program in
            ProgramChange(program: program.name, kind: .removed, keys: [])
        }
        let rest = new.programs.compactMap { program -> ProgramChange? in
            let past = before[program.name]
            // To write it all down takes a hundred times as long as to compare it.
            guard past != program else { return nil }
            let keys = KeyChange.between(past?.settings ?? [], program.settings)
            guard past == nil || !keys.isEmpty else { return nil }
            let kind: ProgramChange.Kind = past == nil ? .added : .changed
            return ProgramChange(program: program.name, kind: kind, keys: keys)
        }
        programs = removed + rest
        daemon = KeyChange.between(old.daemon.settings, new.daemon.settings)
        groups = KeyChange.between(old.groupSettings, new.groupSettings)
    }

    public var isEmpty: Bool { programs.isEmpty && daemon.isEmpty && groups.isEmpty }

    /// Equal for plans that show the same, in every run of every keepd; 16 hexadecimal digits.
    ///
    /// Whoever has seen a plan can demand that it is this one that is carried out.
    public var hash: String { Fingerprint.of(description) }
}

extension Plan: CustomStringConvertible {
    /// A line for each program that comes or goes, and for each key that changes.
    public var description: String {
        let lines =
            daemon.map { "daemon.\($0)" }
            + programs.flatMap { change -> [String] in
                let path = JSONPath.member(
                    of: .member(of: .root, key: "programs"),
                    key: change.program
                )
                return switch change.kind {
                case .removed: ["\(path): removed"]
                case .added: ["\(path): added"] + change.keys.map { "\(path).\($0)" }
                case .changed: change.keys.map { "\(path).\($0)" }
                }
            } + groups.map { "groups.\($0)" }
        return lines.joined(separator: "\n")
    }
}

extension Configuration {
    fileprivate var groupSettings: [Setting] {
        groups.map { Setting($0.name, .live, $0.programs) }
    }
}
