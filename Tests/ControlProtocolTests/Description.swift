/// A Varlink interface file, read.
///
/// Source: https://varlink.org/Interface-Definition.
struct Description {
    indirect enum Shape: Equatable {
        case optional(Shape)
        case array(Shape)
        /// By strings.
        case dictionary(Shape)
        case named(String)
    }

    enum Kind: Equatable {
        case object([String: Shape])
        case words([String])
    }

    private(set) var name = ""
    private(set) var types: [String: Kind] = [:]
    private(set) var methods: [String: (parameters: Kind, answer: Kind)] = [:]
    private(set) var errors: [String: Kind] = [:]

    private var tokens: ArraySlice<String>

    init(_ text: String) {
        let code = text.split(separator: "\n").map { $0.prefix { $0 != "#" } }
            .joined(separator: "\n")
        tokens = code.matches(of: /->|\[\]|\[string\]|[(),:?]|[\w.]+/).map { String($0.0) }[...]
        while let keyword = tokens.popFirst(), let subject = tokens.popFirst() {
            switch keyword {
            case "interface": name = subject
            case "type": types[subject] = kind()
            case "error": errors[subject] = kind()
            case "method":
                let parameters = kind()
                precondition(tokens.popFirst() == "->")
                methods[subject] = (parameters, kind())
            default: preconditionFailure("unknown keyword \(keyword)")
            }
        }
    }

    private mutating func kind() -> Kind {
        precondition(tokens.popFirst() == "(")
        var (fields, words): ([String: Shape], [String]) = ([:], [])
        while let word = tokens.popFirst(), word != ")" {
            if word == "," { continue }
            if tokens.first == ":" {
                tokens.removeFirst()
                fields[word] = shape()
            } else {
                words.append(word)
            }
        }
        return words.isEmpty ? .object(fields) : .words(words)
    }

    private mutating func shape() -> Shape {
        switch tokens.popFirst() {
        case "?": .optional(shape())
        case "[]": .array(shape())
        case "[string]": .dictionary(shape())
        case let name?: .named(name)
        case nil: preconditionFailure("the file ends within a type")
        }
    }
}
