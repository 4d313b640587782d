/// One thing that is wrong with the configuration, and where.
public struct ConfigurationError: Error, Hashable, Sendable {
    public let file: String
    /// `nil` where the file as such is wrong.
    public let position: SourcePosition?
    /// The keys that lead there: `programs.web.stop.signal`; empty for the whole file.
    public let path: String
    public let subject: Subject
    public let reason: Reason
    /// What was probably meant.
    public let suggestion: String?

    /// What cannot be used.
    public enum Subject: Hashable, Sendable {
        case file
        /// The file, because its text cannot be understood at all.
        case text
        case key
        /// Of a program or a group.
        case name
        case string(String)
        /// A number, `true`, `false` or `null`, as it is written.
        case literal(String)
        case array
        case object
    }

    public enum Reason: Hashable, Sendable {
        // Files.
        case unreadable(String)
        case worldWritable
        case syntax(JSONSyntaxError.Problem)
        case noSuchFile

        // Keys and names.
        case noSuchKey
        case missingKey(String)
        case givenTwice(first: SourcePosition)
        case taken(first: SourcePosition)
        case belongsInMainFile
        case badName
        case reservedName
        case badVariableName

        // Values.
        case notImplemented
        case expected(Kind)
        case notOneOf([String])
        case noSuch(Noun)
        case listedTwice
        case outOfRange(min: String, max: String?)
        case lessThanInitial
        case moreThanMax
        case octalNeedsString
        case empty
        case zeroCharacter
        case unclosedQuote(Character)

        // References such as `${NAME}`.
        case notSet
        case badReference
        case unclosedReference
        case nestedTooDeep(limit: Int)
        case onlyInPrograms
        /// `${instance}`, in a value that is the same for all instances.
        case sameForAllInstances
    }

    /// A form that a value must have; the raw value is its description.
    public enum Kind: String, Sendable {
        case string = "a string"
        case number = "a number"
        case integer = "a whole number"
        case boolean = "true or false"
        case array = "an array"
        case object = "an object"
        case command = "an array of strings, or a string"
        case stringOrObject = "a string or an object"
        case octal = #"an octal number, such as "022""#
        case duration = #"a duration, such as "500ms", "1.5s", "2m", "1h", or a number of seconds"#
    }

    /// A kind of thing that has a name.
    public enum Noun: String, Sendable {
        case signal, program, user, group
    }
}

extension ConfigurationError {
    init(
        file: String,
        position: SourcePosition? = nil,
        _ subject: Subject,
        _ reason: Reason
    ) {
        self.file = file
        self.position = position
        path = ""
        self.subject = subject
        self.reason = reason
        suggestion = nil
    }

    init(
        at position: SourcePosition,
        _ path: JSONPath,
        _ subject: Subject,
        _ reason: Reason,
        suggestion: String?
    ) {
        file = position.file
        self.position = position
        self.path = path.description
        self.subject = subject
        self.reason = reason
        self.suggestion = suggestion
    }
}

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
        case .notImplemented: "not implemented yet"
        case .expected(let kind): "expected \(kind.rawValue)"
        case .notOneOf(let words): "expected \(words.map(\.quoted).joined(separator: " or "))"
        case .noSuch(let noun): "no such \(noun.rawValue)"
        case .listedTwice: "listed twice"
        case .outOfRange(let min, let max?): "expected \(min) to \(max)"
        case .outOfRange(let min, max: nil): "expected at least \(min)"
        case .lessThanInitial: "less than the initial pause"
        case .moreThanMax: "more than the longest pause"
        case .octalNeedsString: #"octal needs a string, such as "022""#
        case .empty: "it is empty"
        case .zeroCharacter: "it contains a NUL character"
        case .unclosedQuote(let quote): "no closing \(quote)"
        case .notSet: "no such variable in the environment of keepd"
        case .badReference: "expected ${NAME} or ${NAME:-default}; a literal ${ is written $${"
        case .unclosedReference: "no } after ${; a literal ${ is written $${"
        case .nestedTooDeep(let limit): "references nested deeper than \(limit)"
        case .onlyInPrograms: "it has a meaning in programs only"
        case .sameForAllInstances: "this value is the same for all instances"
        }
    }
}
