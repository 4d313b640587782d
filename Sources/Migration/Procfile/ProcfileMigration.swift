/// What a `Procfile` says, as keepd says it: a name, a colon and a line for the shell.
///
/// Source: foreman(1), honcho(1).
struct ProcfileMigration {
    let configuration: JSONValue

    /// What foreman gives the first process type; each further one has a hundred more.
    private static let firstPort = 5000

    init(
        of lines: [Substring],
        _ file: String,
        _ warnings: Warnings
    ) throws(Migration.Failure) {
        var names = ProgramNames()
        var programs: [(String, JSONValue?)] = []
        for (index, line) in lines.enumerated() {
            let text = line.trimmed
            guard !text.isEmpty, !text.hasPrefix("#") else { continue }
            let place = Migration.Place(file: file, line: index + 1)
            guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
                throw Migration.Failure(place: place, text: "expected NAME: COMMAND")
            }
            let name = text[..<colon].trimmed
            let own = names.take(name)
            if own != name { warnings.add(place, name, "is \(own) in keepd") }
            let command = text[text.index(after: colon)...].trimmed
            let port = ProcfileMigration.firstPort + 100 * programs.count
            programs.append((own, ProcfileMigration.program(command, port: port)))
        }
        let directory = ExpansionScope.escaped(file.directory)
        configuration = .members([
            (
                "defaults",
                .members([
                    ("directory", .string(directory)),
                    // It may be missing.
                    ("environmentFile", .string("-\(directory)/.env")),
                ])
            ),
            ("programs", .members(programs)),
        ])
    }

    private static func program(_ command: String, port: Int) -> JSONValue {
        let script = JSONValue.string(ExpansionScope.escaped(command))
        let needsPort = command.contains("PORT")
        return .members([
            ("command", .array([.string("/bin/sh"), .string("-c"), script])),
            ("environment", needsPort ? .members([("PORT", .string("\(port)"))]) : nil),
        ])
    }
}
