/// What a `supervisord.conf` says, as keepd says it.
///
/// Source: supervisor 4.3 and the changes announced for 4.4, `supervisor/options.py`.
struct SupervisordMigration {
    let configuration: JSONValue

    init(
        of lines: [Substring],
        _ file: String,
        on machine: Machine,
        _ warnings: Warnings
    ) throws(Migration.Failure) {
        let sections = try SupervisordMigration.read(lines, file, on: machine, warnings)
        var scope = ExpansionScope(hostName: machine.hostName)
        var daemon = DaemonSections(warnings: warnings)
        daemon.read(sections, &scope)
        let groups = GroupSections(sections, warnings)
        let programs = ProgramSections(sections, groups, scope, warnings)
        SupervisordMigration.warnOfOthers(sections, warnings)
        configuration = .members([
            ("daemon", daemon.settings.unlessEmpty),
            ("defaults", daemon.defaults(programs: ProgramDefaults.settings)),
            ("programs", programs.settings),
            ("groups", programs.groups.unlessEmpty),
        ])
    }

    /// The main file, and those that it includes, in the order of supervisord.
    private static func read(
        _ lines: [Substring],
        _ file: String,
        on machine: Machine,
        _ warnings: Warnings
    ) throws(Migration.Failure) -> [IniSection] {
        var parser = IniParser()
        try parser.read(lines, file: file)
        guard let section = parser.sections.first(where: { $0.name == "include" }) else {
            return parser.sections
        }
        let reader = SectionReader(section, warnings)
        let scope = ExpansionScope(hostName: machine.hostName)
        for pattern in reader.option("files")?.value.split(whereSeparator: \.isWhitespace) ?? [] {
            guard let option = section["files"] else { break }
            let expanded = try scope.expand(String(pattern), of: option, in: section)
            let path = expanded.hasPrefix("/") ? expanded : "\(file.directory)/\(expanded)"
            let matches = machine.glob(path).sorted()
            if matches.isEmpty { reader.warn(option, "no file matches \"\(path)\"") }
            for match in matches {
                guard let text = machine.readFile(match) else {
                    throw reader.failure(option, "cannot read \(match)")
                }
                try parser.read(text.lines, file: match)
            }
        }
        reader.warnOfOthers()
        return parser.sections
    }

    private static func warnOfOthers(_ sections: [IniSection], _ warnings: Warnings) {
        for section in sections {
            let reader = SectionReader(section, warnings)
            switch section.name.prefix(while: { $0 != ":" }) {
            case "supervisord", "unix_http_server", "include", "program", "group": break
            case "rpcinterface" where section.name == "rpcinterface:supervisor": break
            case "supervisorctl":
                reader.warn("left out: keepctl finds keepd by itself, see keepctl --help")
            case "inet_http_server":
                reader.warn("left out: keepd listens on a Unix socket only")
            case "eventlistener":
                reader.warn("left out: use hooks, or keepctl events -f --json")
            case "fcgi-program":
                reader.warn("left out: keepd passes sockets from 3 on, not as 0; see \"sockets\"")
            case "rpcinterface", "ctlplugin":
                reader.warn("left out: keepd has no plugins")
            default:
                reader.warn("left out: supervisord has no such section")
            }
        }
    }
}
