extension ConfigurationError: CustomStringConvertible {
    public var description: String {
        let place = position?.description ?? file
        let keys = path.isEmpty ? "" : "\(path): "
        let hint = suggestion.map { " (did you mean \($0.quoted)?)" } ?? ""
        return "\(place): \(keys)cannot \(subject): \(reason)\(hint)"
    }
}

extension ConfigurationError.Subject: CustomStringConvertible {
    /// With its verb.
    public var description: String {
        switch self {
        case .file: "use this file"
        case .text: "read this file"
        case .key: "use this key"
        case .name: "use this name"
        case .string(let text): "use \(text.quoted)"
        case .literal(let text): "use \(text)"
        case .array: "use this array"
        case .object: "use this object"
        }
    }
}

extension ConfigurationError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let reason): reason
        case .worldWritable: "everybody may write to it, and keepd runs as root"
        case .syntax(let problem): problem.description
        case .noSuchFile: "no such file"
        case .noSuchKey: "no such key"
        case .missingKey(let key): "no key \(key.quoted)"
        case .givenTwice(let first): "given twice (first at \(first))"
        case .taken(let first): "it is taken (first at \(first))"
        case .belongsInMainFile: "it belongs in the main file"
        case .badName:
            "expected a letter or digit, then at most 63 of letters, digits and . _ @ -"
        case .reservedName: "it stands for all programs"
        case .badVariableName: "expected the name of an environment variable"
        case .expected(let kind): "expected \(kind.rawValue)"
        case .notOneOf(let words): "expected \(words.map(\.quoted).joined(separator: " or "))"
        case .noSuch(let noun): "no such \(noun.rawValue)"
        case .listedTwice: "listed twice"
        case .outOfRange(let min, let max?): "expected \(min) to \(max)"
        case .outOfRange(let min, max: nil): "expected at least \(min)"
        case .lessThanInitial: "less than the initial pause"
        case .octalNeedsString: #"octal needs a string, such as "022""#
        case .empty: "it is empty"
        case .zeroCharacter: "it contains a NUL character"
        case .unclosedQuote(let quote): "no closing \(quote)"
        case .badPattern(let problem): "not a regular expression: \(problem)"
        case .badSchedule(let problem): problem.description
        case .badTimeZone(let problem): problem.description
        case .noTLS: "keepd cannot speak TLS, only http"
        case .excludedBy(let key): "\(key.quoted) is given as well"
        case .noneOf(let keys):
            "expected one of the keys \(keys.map(\.quoted).joined(separator: ", "))"
        case .onlyWith(let other): "it has a meaning with \(other) only"
        case .neverRead: "keepd reads neither stdout nor stderr of it"
        case .descriptorOfSocket: "a socket of \"sockets\" has this descriptor"
        case .softMoreThanHard: "more than the hard limit"
        case .cycle(let names): names.joined(separator: " needs ")
        case .neverCompleted: "a service is never completed"
        case .notSet: "no such variable in the environment of keepd"
        case .badReference: "expected ${NAME} or ${NAME:-default}; a literal ${ is written $${"
        case .unclosedReference: "no } after ${; a literal ${ is written $${"
        case .nestedTooDeep(let limit): "references nested deeper than \(limit)"
        case .onlyInPrograms: "it has a meaning in programs only"
        case .sameForAllInstances: "this value is the same for all instances"
        }
    }
}
