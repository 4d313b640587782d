/// What the sections `[program:x]` say, in the order in which supervisord starts them.
struct ProgramSections {
    /// The key `programs`.
    private(set) var settings = JSONValue.object([])
    /// The key `groups`.
    private(set) var groups = JSONValue.object([])
    private var names = ProgramNames()
    /// keepd's names by supervisord's.
    private var ours: [String: [String]] = [:]

    init(
        _ sections: [IniSection],
        _ groups: GroupSections,
        _ scope: ExpansionScope,
        _ warnings: Warnings
    ) {
        var members: [(order: Order, member: JSONValue.Member)] = []
        for section in sections where section.name.hasPrefix("program:") {
            warnings.collect { () throws(Migration.Failure) in
                members += try read(SectionReader(section, warnings), groups, scope)
            }
        }
        settings = .object(members.sorted { $0.order < $1.order }.map(\.member))
        self.groups = groupSettings(groups.groups)
    }

    private mutating func read(
        _ reader: SectionReader,
        _ groups: GroupSections,
        _ scope: ExpansionScope
    ) throws(Migration.Failure) -> [(order: Order, member: JSONValue.Member)] {
        let name = reader.section.ownName
        let group = groups.group(of: name)
        var scope = scope
        (scope.program, scope.group) = (name, group?.name ?? name)
        let program = try ProgramSection(reader, scope)
        let order = Order(
            group: group?.priority ?? program.priority,
            groupName: group?.name ?? name,
            program: program.priority,
            name: name
        )
        return program.parts.map { part in
            let own = names.take(part.name)
            if own != part.name { reader.warn("is \(own) in keepd, which takes no such name") }
            ours[name, default: []].append(own)
            return (order, JSONValue.Member(key: own, value: part.settings))
        }
    }

    /// Groups of the file, and one for each program that has become several.
    private mutating func groupSettings(_ groups: [GroupSections.Group]) -> JSONValue {
        let split = ours.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
            .map { (name: $0.key, programs: $0.value) }
        let declared = groups.map { group in
            (name: group.name, programs: group.programs.flatMap { ours[$0] ?? [] })
        }
        return .members(
            (declared + split).filter { !$0.programs.isEmpty }.map { group in
                (names.take(group.name), .array(group.programs.map(JSONValue.string)))
            }
        )
    }

    /// By priority, then by name: first the groups, then the programs in them.
    private struct Order: Comparable {
        let group: Int
        let groupName: String
        let program: Int
        let name: String

        static func < (one: Order, other: Order) -> Bool {
            (one.group, one.groupName, one.program, one.name)
                < (other.group, other.groupName, other.program, other.name)
        }
    }
}
