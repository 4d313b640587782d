/// How things may be called, and what a state machine may leave unsaid.
enum NameRules {
    private static let vagueSuffixes = ["Manager", "Helper", "Util", "Info", "Data", "Handler"]

    /// Such a name says that there is something, and not what.
    static func vagueTypes(in file: SourceFile) -> [Complaint] {
        guard file.isSwiftSource else { return [] }
        return Code(file.text).lines.enumerated().compactMap { index, line in
            let pattern = /\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)/
            guard let name = line.firstMatch(of: pattern)?.1,
                let suffix = vagueSuffixes.first(where: name.hasSuffix)
            else { return nil }
            return Complaint(
                path: file.path,
                line: index + 1,
                reason: "\(name): call it what it is, not a \(suffix)"
            )
        }
    }

    /// A new event must not compile until it is decided in every state.
    static func undecided(in file: SourceFile) -> [Complaint] {
        guard file.isSwiftSource, file.path.hasSuffix("Machine.swift") else { return [] }
        return Code(file.text).lines.enumerated().compactMap { index, line in
            guard line.contains(/\bdefault\s*:/) else { return nil }
            return Complaint(
                path: file.path,
                line: index + 1,
                reason: "`default:` in a state machine: name the cases"
            )
        }
    }
}
