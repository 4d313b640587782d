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
        case expected(Kind)
        case notOneOf([String])
        case noSuch(Noun)
        case listedTwice
        case outOfRange(min: String, max: String?)
        case lessThanInitial
        case neverRead
        case octalNeedsString
        case empty
        case zeroCharacter
        case unclosedQuote(Character)
        case badPattern(String)
        case noTLS
        case badSchedule(CronProblem)
        case badTimeZone(TimeZoneProblem)

        // Keys and values that do not go together.
        /// Another key of the same object.
        case excludedBy(String)
        case noneOf([String])
        /// What has to be there for this one to mean anything.
        case onlyWith(String)
        case descriptorOfSocket
        case softMoreThanHard
        /// Needs whom: the names from a program back to itself.
        case cycle([String])
        case neverCompleted

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
        case size = #"a size, such as "10MB", "10MiB", or a number of bytes"#
        case limit = #"a limit, "unlimited", or an object of "soft" and "hard""#
        case endpoint = #"a host and a port, such as "127.0.0.1:80" or "[::1]:80""#
        case url = #"an address, such as "http://127.0.0.1:80/path""#
        case listen = #"a numeric address and a port, such as "0.0.0.0:80", or a path"#
        case names = "an array of names, or an object"
        case printable = "printable characters of ASCII without a colon, at most 255"
        case duration = #"a duration, such as "500ms", "1.5s", "2m", "1h", or a number of seconds"#
        case wholeSeconds = #"whole seconds, such as "90s", "1h", or a number of them"#
    }

    /// A kind of thing that has a name.
    public enum Noun: String, Sendable {
        case signal, program, user, group, capability
        case timeZone = "time zone"
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
