/// What the sections `[group:x]` say.
struct GroupSections {
    struct Group {
        let name: String
        let programs: [String]
        let priority: Int
    }

    private(set) var groups: [Group] = []

    init(_ sections: [IniSection], _ warnings: Warnings) {
        for section in sections where section.name.hasPrefix("group:") {
            let reader = SectionReader(section, warnings)
            let programs = reader.list("programs") ?? []
            var priority: Int?
            warnings.collect { () throws(Migration.Failure) in
                priority = try reader.integer("priority")
            }
            groups.append(
                Group(
                    name: section.ownName,
                    programs: programs,
                    priority: priority ?? ProgramDefaults.priority
                )
            )
            for program in programs
            where !sections.contains(where: { $0.name == "program:\(program)" }) {
                reader.warn("there is no [program:\(program)]")
            }
            reader.warnOfOthers()
        }
    }

    func group(of program: String) -> Group? {
        groups.first { $0.programs.contains(program) }
    }
}

extension IniSection {
    /// What stands behind the colon.
    var ownName: String {
        name[name.index(after: name.firstIndex(of: ":") ?? name.startIndex)...].trimmed
    }
}
