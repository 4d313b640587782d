import OrderedCollections
import SystemTypes

extension Form where Value == [Dependency] {
    /// Programs with what is needed of each, or their names alone, which is that they have started.
    ///
    /// Without those that cannot be used, which are reported.
    static var dependencies: Form {
        Form { value throws(Objection) in
            switch value.json.content {
            case .array:
                try Form<[String]>.names.read(value).map { name in
                    Dependency(program: name, condition: .started)
                }
            case .object: byName(value)
            case .null, .boolean, .number, .string: throw Objection(.expected(.names))
            }
        }
    }

    private static func byName(_ value: ValueReader) -> [Dependency] {
        var dependencies: [Dependency] = []
        value.object { keys in
            for member in keys.entries() {
                let condition = value.reader(of: member.value)
                    .value(as: Form<Dependency.Condition>.choice)
                let known = value.scope.programs ?? [member.key]
                if !known.contains(member.key) {
                    value.scope.problems.report(
                        key: member,
                        as: .name,
                        .noSuch(.program),
                        suggestion: Spelling.closest(to: member.key, among: known)
                    )
                } else if let condition {
                    dependencies.append(Dependency(program: member.key, condition: condition))
                }
            }
        }
        return dependencies
    }
}
