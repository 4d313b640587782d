import OrderedCollections

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

    /// The programs of a group, without those that cannot be in it, which are reported.
    ///
    /// - Parameter known: All programs; `nil` if nobody knows.
    static func members(from known: OrderedSet<String>?) -> Form {
        Form { value throws(Objection) in
            guard case .array(let elements) = value.json.content else {
                throw Objection(.expected(.array))
            }
            var members: OrderedSet<String> = []
            for element in elements {
                let reader = value.reader(of: element)
                guard let name = reader.value(as: .member(of: known)) else { continue }
                if !members.append(name).inserted { reader.report(.listedTwice) }
            }
            return members.elements
        }
    }
}

extension Form where Value == String {
    fileprivate static func member(of known: OrderedSet<String>?) -> Form {
        Form { value throws(Objection) in
            let name = try string.read(value)
            guard let known, !known.contains(name) else { return name }
            throw Objection(
                name,
                .noSuch(.program),
                suggestion: Spelling.closest(to: name, among: known)
            )
        }
    }
}
