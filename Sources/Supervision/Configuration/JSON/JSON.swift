/// A value of a JSON text that knows where it stands.
struct JSON: Equatable, Sendable {
    enum Content: Equatable, Sendable {
        case null
        case boolean(Bool)
        /// As it is written: so it can be shown, and read without loss.
        case number(String)
        case string(String)
        case array([JSON])
        /// In the order of the text; a key may occur twice.
        case object([Member])
    }

    struct Member: Equatable, Sendable {
        let key: String
        /// The position of the key; the value has its own.
        let position: SourcePosition
        let value: JSON
    }

    let content: Content
    let position: SourcePosition
    let path: JSONPath
}

/// The keys that lead to a value: `programs.web.command[0]`.
///
/// A chain and not a string, so that the values of a long array share what they have in common.
indirect enum JSONPath: Equatable, Sendable {
    case root
    case member(of: JSONPath, key: String)
    case element(of: JSONPath, index: Int)
}

extension JSONPath {
    /// Whether it begins with `defaults`.
    var isInDefaults: Bool {
        switch self {
        case .root: false
        case .member(of: .root, let key): key == "defaults"
        case .member(let parent, _), .element(let parent, _): parent.isInDefaults
        }
    }
}

extension JSONPath: CustomStringConvertible {
    var description: String {
        switch self {
        case .root: ""
        case .member(of: .root, let key): JSONPath.word(key)
        case .member(let parent, let key): "\(parent).\(JSONPath.word(key))"
        case .element(let parent, let index): "\(parent)[\(index)]"
        }
    }

    /// A key that could be taken for something else is quoted.
    private static func word(_ key: String) -> String {
        let isPlain = key.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.isDigit || scalar == "_"
                || scalar == "-" || scalar == "@"
        }
        return isPlain && !key.isEmpty ? key : key.quoted
    }
}
