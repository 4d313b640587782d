/// Why the bytes of a file are no time zone.
public enum TimeZoneProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case noTimeZone
    case truncated
    /// What is said about the times after the last that is listed.
    case badRule(String)

    public var description: String {
        switch self {
        case .noTimeZone: "not a time zone file"
        case .truncated: "the time zone file ends too early"
        case .badRule(let rule): "the time zone file ends in a rule that makes no sense: \(rule)"
        }
    }
}
