/// What `[supervisord]` and `[unix_http_server]` say.
struct DaemonSections {
    private let warnings: Warnings
    private var daemon: [(String, JSONValue?)] = []
    private var own: [(String, JSONValue?)] = []

    init(warnings: Warnings) {
        self.warnings = warnings
    }

    /// The key `daemon`.
    var settings: JSONValue { .members(daemon) }

    /// The key `defaults`: what supervisord gives all programs, which keepd would not.
    func defaults(programs: [(String, JSONValue?)]) -> JSONValue {
        .members(own + programs)
    }

    mutating func read(_ sections: [IniSection], _ scope: inout ExpansionScope) {
        for section in sections {
            let reader = SectionReader(section, warnings)
            switch section.name.prefix(while: { $0 != ":" }) {
            case "supervisord":
                warnings.collect { () throws(Migration.Failure) in
                    try readSupervisord(reader, &scope)
                }
            case "unix_http_server":
                readSocket(reader)
            default:
                continue
            }
            reader.warnOfOthers()
        }
    }

    private mutating func readSupervisord(_ reader: SectionReader, _ scope: inout ExpansionScope)
        throws(Migration.Failure)
    {
        let section = reader.section
        let variables = try reader.environment(scope)
        for (name, value) in variables { scope.environment[name] = value }
        daemon.append(("logLevel", try logLevel(reader)))
        if let option = reader.option("childlogdir") {
            daemon.append(("logDirectory", .string(try scope.expand(option, in: section))))
        }
        own.append(("environment", JSONValue.strings(variables).unlessEmpty))
        if let option = reader.option("directory") {
            own.append(("directory", .string(try scope.expand(option, in: section))))
        }
        own.append(("umask", reader.octal("umask").map(JSONValue.string)))
        warnOfOthers(reader)
    }

    private func warnOfOthers(_ reader: SectionReader) {
        if let daemonizes = reader.option("nodaemon"), daemonizes.value.lowercased() != "true" {
            reader.warn(daemonizes, "keepd always runs in the foreground")
        }
        reader.warn(
            "logfile",
            "logfile_maxbytes",
            "logfile_backups",
            "silent",
            because: "keepd's own lines go to stderr, or to the journal under systemd"
        )
        reader.warn("pidfile", because: "keepctl pid prints the pid; no file is needed")
        reader.warn("user", because: "start keepd as that user, or give each program a \"user\"")
        reader.warn(
            "minfds",
            "minprocs",
            because: "see \"limits\" for programs; keepd takes what it needs for itself"
        )
        reader.warn("nocleanup", "identifier", "strip_ansi", "profile_options")
    }

    private func logLevel(_ reader: SectionReader) throws(Migration.Failure) -> JSONValue? {
        guard let option = reader.option("loglevel") else { return nil }
        let ours = [
            "critical": "critical", "error": "error", "warn": "warning", "info": "info",
            "debug": "debug", "trace": "trace", "blather": "trace",
        ]
        guard let level = ours[option.value.lowercased()] else {
            throw reader.failure(option, "\"\(option.value)\" is no level")
        }
        return .string(level)
    }

    private mutating func readSocket(_ reader: SectionReader) {
        reader.warn(
            "file",
            because: "keepd does not speak supervisord's protocol, and keeps its own socket"
        )
        reader.warn("username", "password", because: "see \"access\" for who may do what")
        let mode = reader.octal("chmod").map(JSONValue.string)
        let names = reader.option("chown")?.value.split(separator: ":").map { $0.trimmed } ?? []
        let socket = JSONValue.members([
            ("mode", mode),
            ("owner", names.first.map(JSONValue.string)),
            ("group", names.count > 1 ? names.last.map(JSONValue.string) : nil),
        ])
        daemon.append(("socket", socket.unlessEmpty))
    }
}

extension SectionReader {
    func warn(_ names: String...) {
        for name in names { warn(name, because: "keepd has nothing like it") }
    }

    /// Variables by name, in the order of the file.
    func environment(_ scope: ExpansionScope)
        throws(Migration.Failure) -> [(name: String, value: String)]
    {
        guard let option = option("environment") else { return [] }
        guard let list = EnvironmentList(option.value) else {
            throw failure(option, "\"\(option.value)\" is no list of KEY=\"value\"")
        }
        var variables: [(name: String, value: String)] = []
        for pair in list.pairs {
            let value = try scope.expand(pair.value, of: option, in: section)
            variables.append((pair.name, value))
        }
        return variables
    }
}

extension JSONValue {
    static func strings(_ pairs: [(name: String, value: String)]) -> JSONValue {
        .members(pairs.map { ($0.name, .string($0.value)) })
    }
}
