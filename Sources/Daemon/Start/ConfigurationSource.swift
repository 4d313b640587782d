internal import Supervision

/// Where the configuration comes from.
enum ConfigurationSource: Sendable, CustomStringConvertible {
    case file(ConfigurationFile)
    /// A program and its arguments, as `keepd run -- COMMAND` has them; all else is default.
    case command([String])

    /// For messages.
    var description: String {
        switch self {
        case .file(let file): file.absolutePath
        case .command: "the command line"
        }
    }

    /// As it was given; `nil` where there is no file.
    var path: String? {
        if case .file(let file) = self { file.path } else { nil }
    }

    func load() throws(ConfigurationErrors) -> Configuration {
        switch self {
        case .file(let file): try file.load()
        case .command(let words): Configuration(command: words)
        }
    }
}
