/// The keys of one program of keepd's, from a section of supervisord's.
struct ProgramSettings {
    let reader: SectionReader
    var scope: ExpansionScope
    /// `nil` for one process.
    let instances: Int?

    func settings() throws(Migration.Failure) -> JSONValue {
        let variables = try reader.environment(scope)
        // Later options see them.
        var inner = self
        for (name, value) in variables { inner.scope.environment[name] = value }
        return try inner.settings(JSONValue.strings(variables).unlessEmpty)
    }

    private func settings(_ environment: JSONValue?) throws(Migration.Failure) -> JSONValue {
        let settings = JSONValue.members([
            ("command", try text("command")),
            ("autostart", try reader.boolean("autostart").map(JSONValue.boolean)),
            ("instances", instances.map(JSONValue.number)),
            ("directory", try text("directory")),
            ("environment", environment),
            ("user", try text("user")),
            ("umask", reader.octal("umask").map(JSONValue.string)),
            ("start", try start()),
            ("restart", try restart()),
            ("stop", try stop()),
            ("stdout", try stream("stdout")),
            ("stderr", try errorStream()),
        ])
        reader.warn("serverurl", because: "keepd sets KEEPD_SOCKET for its programs")
        return settings
    }

    private func text(_ name: String) throws(Migration.Failure) -> JSONValue? {
        guard let option = reader.option(name) else { return nil }
        return .string(try scope.expand(option, in: reader.section))
    }

    // MARK: - Starts and ends

    private func start() throws(Migration.Failure) -> JSONValue? {
        guard let seconds = try seconds("startsecs") else { return nil }
        return .members([("settle", seconds)])
    }

    private func seconds(_ name: String) throws(Migration.Failure) -> JSONValue? {
        try reader.integer(name, in: 0...Int(Int32.max)).map { .string("\($0)s") }
    }

    private func restart() throws(Migration.Failure) -> JSONValue? {
        let retries = try reader.integer("startretries", in: 0...999_999)
            .map { JSONValue.number($0 + 1) }
        return JSONValue.members([
            ("when", try when()),
            ("successExitCodes", try exitCodes()),
            ("retries", retries),
        ]).unlessEmpty
    }

    private func when() throws(Migration.Failure) -> JSONValue? {
        guard let option = reader.option("autorestart") else { return nil }
        if option.value.lowercased() == "unexpected" { return .string("on-failure") }
        guard try reader.boolean("autorestart") == false else { return .string("always") }
        reader.warn(option, "keepd then does not repeat a start that has failed, either")
        return .string("never")
    }

    private func exitCodes() throws(Migration.Failure) -> JSONValue? {
        guard let option = reader.option("exitcodes"), let list = reader.list("exitcodes") else {
            return nil
        }
        let codes = list.compactMap { Int($0) }.filter { (0...255).contains($0) }
        guard codes.count == list.count else {
            throw reader.failure(option, "\"\(option.value)\" is no list of exit codes")
        }
        return .array(codes.map(JSONValue.number))
    }

    private func stop() throws(Migration.Failure) -> JSONValue? {
        // keepd always kills everything in the end.
        _ = try reader.boolean("killasgroup")
        let isOfGroup = try reader.boolean("stopasgroup") ?? false
        return JSONValue.members([
            ("signal", reader.signal("stopsignal").map(JSONValue.string)),
            ("scope", isOfGroup ? .string("group") : nil),
            ("timeout", try seconds("stopwaitsecs")),
        ]).unlessEmpty
    }

    // MARK: - Output

    private func errorStream() throws(Migration.Failure) -> JSONValue? {
        guard try reader.boolean("redirect_stderr") ?? false else { return try stream("stderr") }
        reader.ignore("stderr_logfile", "stderr_logfile_maxbytes", "stderr_logfile_backups")
        return .string("stdout")
    }

    private func stream(_ name: String) throws(Migration.Failure) -> JSONValue? {
        reader.warn("\(name)_capture_maxbytes", "\(name)_events_enabled")
        reader.warn("\(name)_syslog", because: "see \"journal\" of \(name)")
        let size = try reader.size("\(name)_logfile_maxbytes")
        let keep = try reader.integer("\(name)_logfile_backups", in: 0...10_000)
            .map(JSONValue.number)
        let file = reader.option("\(name)_logfile")
        switch file?.value.lowercased() {
        case "none", "off", "/dev/null": return .string("null")
        case "/dev/\(name)", "/dev/fd/\(name == "stdout" ? 1 : 2)": return .string("inherit")
        case "syslog":
            if let file { reader.warn(file, "see \"journal\" of \(name)") }
            return nil
        default:
            return JSONValue.members([
                ("file", try self.file(name, file)),
                ("maxSize", size == .number(0) ? .null : size),
                ("keep", keep),
            ]).unlessEmpty
        }
    }

    /// `nil` where the default does.
    private func file(_ name: String, _ option: IniSection.Option?)
        throws(Migration.Failure) -> JSONValue?
    {
        if let option, option.value.lowercased() != "auto" {
            if !option.value.hasPrefix("/"), !option.value.hasPrefix("%") {
                reader.warn(option, "it is in keepd's \"logDirectory\" now")
            }
            return .string(try scope.expand(option, in: reader.section))
        }
        return instances == nil ? nil : .string("${program}-${instance}-\(name).log")
    }
}

extension SectionReader {
    func ignore(_ names: String...) {
        for name in names { _ = option(name) }
    }
}
