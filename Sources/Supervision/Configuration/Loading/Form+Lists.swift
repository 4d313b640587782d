import OrderedCollections
import SystemTypes

extension Form where Value == [String] {
    /// The files that the patterns of `include` match, in the order in which they are read.
    ///
    /// Their paths are as the main file's is: relative if that is relative.
    static var includes: Form {
        Form<[[String]]>.array(of: .filesMatching).map { $0.flatMap(\.self) }
    }

    private static var filesMatching: Form {
        Form { value throws(Objection) in
            let pattern = try Form<String>.string.read(value)
            guard !pattern.isEmpty else { throw Objection(.empty) }
            let directory = value.json.position.file.directoryPart.globEscaped
            let files = value.scope.surroundings.glob(pattern.path(from: directory))
            guard !files.isEmpty || pattern.isGlob else { throw Objection(pattern, .noSuchFile) }
            return files.sorted()
        }
    }

    /// Names of programs, without those that cannot be used, which are reported.
    static var names: Form {
        Form { value throws(Objection) in
            guard case .array(let elements) = value.json.content else {
                throw Objection(.expected(.array))
            }
            var names: OrderedSet<String> = []
            for element in elements {
                let reader = value.reader(of: element)
                guard let name = reader.value(as: .program) else { continue }
                if !names.append(name).inserted { reader.report(.listedTwice) }
            }
            return names.elements
        }
    }
}

extension Form where Value == String {
    fileprivate static var program: Form {
        Form { value throws(Objection) in
            let name = try string.read(value)
            guard let known = value.scope.programs, !known.contains(name) else { return name }
            throw Objection(
                name,
                .noSuch(.program),
                suggestion: Spelling.closest(to: name, among: known)
            )
        }
    }
}
