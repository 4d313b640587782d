/// Reads a configuration from its files, completely or not at all.
public struct ConfigurationLoader {
    private let surroundings: Surroundings

    public init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    /// Reads the file at `path` and all that it includes.
    ///
    /// - Throws: All that is wrong in any of the files. Only a syntax error hides what follows it.
    public func load(_ path: String) throws(ConfigurationErrors) -> Configuration {
        let draft = ConfigurationDraft(surroundings)
        draft.read(path)
        let configuration = draft.configuration()
        if let errors = draft.problems.errors { throw errors }
        return configuration
    }
}
