/// Finds the instances that a person means.
///
/// A pattern is `program` (all its instances), `program:instance`, `group` or `group:*`, a glob
/// over any of those names, or `all`.
public struct Selection: Sendable {
    /// What the pattern stands for is not there.
    public struct NoSuchProgram: Error, Equatable, Sendable {
        public let name: String
    }

    /// Longer ones are nobody's; to match them would only take time.
    private static let patternLengthMax = 256

    private let all: [InstanceID]
    private let groups: [Configuration.Group]

    /// - Parameter instances: Those that there are.
    public init(of instances: [InstanceID], groups: [Configuration.Group]) {
        all = instances
        self.groups = groups
    }

    /// Of what a configuration asks for.
    public init(_ configuration: Configuration) {
        let instances = configuration.programs.flatMap { program in
            (0..<program.instances).map { InstanceID(program: program.name, number: $0) }
        }
        self.init(of: instances, groups: configuration.groups)
    }

    /// - Returns: Each instance once, in the order of those that there are.
    /// - Throws: For the first pattern that matches nothing, except for `all`.
    public func instances(matching patterns: [String]) throws(NoSuchProgram) -> [InstanceID] {
        var wanted: Set<InstanceID> = []
        for pattern in patterns {
            let found = instances(matching: pattern)
            guard !found.isEmpty || pattern == "all" else {
                throw NoSuchProgram(name: pattern)
            }
            wanted.formUnion(found)
        }
        return all.filter(wanted.contains)
    }

    private func instances(matching pattern: String) -> [InstanceID] {
        guard pattern.utf8.count <= Selection.patternLengthMax else { return [] }
        if pattern == "all" { return all }
        let name = pattern.hasSuffix(":*") ? String(pattern.dropLast(2)) : pattern
        let group = Glob(name)
        let members = Set(groups.filter { group.matches($0.name) }.flatMap(\.programs))
        let glob = Glob(pattern)
        return all.filter { id in
            members.contains(id.program) || glob.matches(id.program)
                || glob.matches("\(id.program):\(id.number)")
        }
    }
}
