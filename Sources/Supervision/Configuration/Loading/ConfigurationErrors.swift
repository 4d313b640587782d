/// Everything that is wrong with a configuration; never empty.
public struct ConfigurationErrors: Error, Equatable, Sendable {
    /// By file in the order of reading, then by position.
    public let errors: [ConfigurationError]

    init(_ errors: [ConfigurationError]) {
        precondition(!errors.isEmpty)
        self.errors = errors
    }
}

extension ConfigurationErrors: CustomStringConvertible {
    /// One line for each.
    public var description: String {
        errors.map(\.description).joined(separator: "\n")
    }
}
