import SystemTypes

/// A form that a value may have: how it is written, and what it then means.
struct Form<Value> {
    let read: (ValueReader) throws(Objection) -> Value

    func map<Other>(_ transform: @escaping (Value) -> Other) -> Form<Other> {
        Form<Other> { value throws(Objection) in transform(try read(value)) }
    }
}

extension Form where Value == Bool {
    static var boolean: Form {
        Form { value throws(Objection) in
            guard case .boolean(let isTrue) = value.json.content else {
                throw Objection(.expected(.boolean))
            }
            return isTrue
        }
    }
}

extension Form where Value == Template {
    /// A string in which `${instance}` may occur.
    static var template: Form {
        Form { value throws(Objection) in
            switch value.json.content {
            case .string(let text): return try value.expanded(text)
            case .number(let text): throw Objection(.expected(.string), suggestion: text)
            case .null, .boolean, .array, .object: throw Objection(.expected(.string))
            }
        }
    }
}

extension Form where Value == String {
    static var string: Form {
        Form { value throws(Objection) in
            guard let text = try Form<Template>.template.read(value).fixedText else {
                throw Objection("${instance}", .sameForAllInstances)
            }
            return text
        }
    }

    /// One of the words in `known`.
    static func word(of known: [String]) -> Form {
        Form { value throws(Objection) in
            let word = try string.read(value)
            if known.contains(word) { return word }
            throw Objection(
                word,
                .notOneOf(known),
                suggestion: Spelling.closest(to: word, among: known)
            )
        }
    }
}

extension Form where Value: CaseIterable & RawRepresentable<String> {
    /// One of the cases, by its raw value.
    static var choice: Form {
        Form<String>.word(of: Value.allCases.map(\.rawValue)).map { word in
            guard let choice = Value(rawValue: word) else { preconditionFailure(word) }
            return choice
        }
    }
}

extension Form {
    /// An array, without those elements that have not the given form, which are reported.
    static func array<Element>(of form: Form<Element>) -> Form where Value == [Element] {
        Form { value throws(Objection) in
            guard case .array(let elements) = value.json.content else {
                throw Objection(.expected(.array))
            }
            return elements.compactMap { value.reader(of: $0).value(as: form) }
        }
    }
}
