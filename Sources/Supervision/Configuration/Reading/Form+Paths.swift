extension Form where Value == Template {
    /// A path, seen from the directory of the file that names it.
    static var path: Form { path { $0.directory } }

    /// A path, or a hyphen and the path of a file that may be missing.
    static var optionalPath: Form {
        Form { value throws(Objection) in
            let path = try template.read(value)
            guard let rest = path.dropping("-") else { return try Form.path.read(value) }
            guard !rest.isEmpty else { throw Objection(.empty) }
            return rest.path(from: value.directory).prefixed("-")
        }
    }

    /// The path of a log file.
    static var logPath: Form { path { $0.scope.logDirectory } }

    private static func path(from directory: @escaping (ValueReader) -> String) -> Form {
        Form { value throws(Objection) in
            let path = try template.read(value)
            guard !path.isEmpty else { throw Objection(.empty) }
            return path.path(from: directory(value))
        }
    }
}

extension Form where Value == String {
    /// A path that does not depend on the instance.
    static var fixedPath: Form {
        Form { value throws(Objection) in
            let path = try string.read(value)
            guard !path.isEmpty else { throw Objection(.empty) }
            return path.path(from: value.directory)
        }
    }
}

extension Form where Value == [Template] {
    /// The words of a command, given as such or to be split as a shell does.
    ///
    /// Without those words that cannot be used, which are reported.
    static var command: Form {
        Form { value throws(Objection) in
            switch value.json.content {
            case .array(let elements):
                guard let first = elements.first else { throw Objection(.empty) }
                let program = value.reader(of: first).value(as: .program)
                let arguments = elements.dropFirst().map {
                    value.reader(of: $0).value(as: .template)
                }
                return ([program] + arguments).compactMap(\.self)
            case .string(let text):
                var words: [Template] = []
                for word in try ShellWords.split(text) { words.append(try value.expanded(word)) }
                guard let first = words.first else { throw Objection(.empty) }
                words[0] = try value.program(first)
                return words
            case .null, .boolean, .number, .object:
                throw Objection(.expected(.command))
            }
        }
    }
}

extension Form where Value == Template {
    /// The first word of a command.
    fileprivate static var program: Form {
        Form { value throws(Objection) in try value.program(try template.read(value)) }
    }
}

extension ValueReader {
    /// A name without a slash is looked up in the program's own PATH; the rest are paths.
    fileprivate func program(_ word: Template) throws(Objection) -> Template {
        guard !word.isEmpty else { throw Objection(.empty) }
        return word.contains("/") ? word.path(from: directory) : word
    }
}
