/// The names of programs and groups, which share one space.
struct NameSpace {
    private var places: [String: SourcePosition] = [:]

    /// Takes the name that is the key of `member`, unless it cannot be one, which is reported.
    mutating func declare(_ member: JSON.Member, problems: ConfigurationProblems) {
        let name = member.key
        if name == "all" {
            problems.report(key: member, as: .name, .reservedName)
        } else if !NameSpace.isName(name) {
            problems.report(key: member, as: .name, .badName)
        } else if let first = places[name] {
            problems.report(key: member, as: .name, .taken(first: first))
        } else {
            places[name] = member.position
        }
    }

    static func isName(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, isLetterOrDigit(first) else { return false }
        return scalars.count <= 64
            && scalars.allSatisfy { isLetterOrDigit($0) || "._@-".unicodeScalars.contains($0) }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }
}
