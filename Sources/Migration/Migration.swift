/// A configuration of keepd, made from that of another supervisor.
public struct Migration: Equatable, Sendable {
    /// A setting that keepd has no equal for, or not quite.
    public struct Warning: Equatable, Sendable, CustomStringConvertible {
        public let place: Place
        /// What it is about, as the file says it: `[program:web] serverurl`.
        public let setting: String
        public let text: String

        /// `supervisord.conf:12: [program:web] serverurl: keepd has nothing like it`.
        public var description: String { "\(place): \(setting): \(text)" }
    }

    /// A line of a file, from 1.
    public struct Place: Equatable, Sendable, CustomStringConvertible {
        public let file: String
        public let line: Int

        public var description: String { "\(file):\(line)" }
    }

    /// Why a file cannot be taken over at all.
    public struct Failure: Error, Equatable, CustomStringConvertible {
        public let place: Place
        public let text: String

        public var description: String { "\(place): \(text)" }
    }

    /// All of them that were found: of each section the first.
    public struct Failures: Error, Equatable, CustomStringConvertible {
        public let list: [Failure]

        /// One a line.
        public var description: String {
            list.map(\.description).joined(separator: "\n")
        }
    }

    /// JSON that keepd loads, with an end of line.
    public let configuration: String
    /// In the order of the file.
    public let warnings: [Warning]

    /// Takes over a `supervisord.conf` or a `Procfile`, whichever the text is.
    ///
    /// - Parameter file: Its path, absolute, for messages and for what is relative to it.
    /// - Throws: What makes the file none that its own supervisor would accept.
    public init(of text: String, file: String, on machine: Machine) throws(Failures) {
        let lines = text.lines
        let first = lines.lazy.map { $0.drop { $0.isWhitespace } }
            .first { !$0.isEmpty && !$0.hasPrefix(";") && !$0.hasPrefix("#") }
        let warnings = Warnings()
        var configuration = JSONValue.object([])
        warnings.collect { () throws(Failure) in
            configuration =
                if first?.hasPrefix("[") ?? false {
                    try SupervisordMigration(of: lines, file, on: machine, warnings).configuration
                } else {
                    try ProcfileMigration(of: lines, file, warnings).configuration
                }
        }
        guard warnings.failures.isEmpty else { throw Failures(list: warnings.failures) }
        self.configuration = configuration.text + "\n"
        self.warnings = warnings.list
    }
}
