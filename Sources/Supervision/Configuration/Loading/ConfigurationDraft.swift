import OrderedCollections

/// What has been found in the files so far: programs and groups, not yet looked into.
final class ConfigurationDraft {
    /// A program, over the defaults that apply to it; or a group.
    private struct Entry {
        let name: String
        let json: JSON
    }

    let problems = ConfigurationProblems()
    private var scope: ValueReader.Scope
    private var names = NameSpace()
    private var daemon = DaemonConfiguration()
    private var programs: [Entry] = []
    private var programNames: OrderedSet<String> = []
    private var groups: [Entry] = []
    /// Unless a file could not be read, and nobody knows what it would have declared.
    private var isComplete = true

    init(_ surroundings: Surroundings) {
        scope = ValueReader.Scope(
            surroundings: surroundings,
            problems: problems,
            programs: nil,
            names: nil,
            logDirectory: surroundings.defaultLogDirectory
        )
    }

    // MARK: - Files

    /// Reads the main file, and those that it includes.
    func read(_ path: String) {
        guard let main = open(path) else { return }
        var defaults: JSON?
        var included: [String] = []
        main.object { keys in
            // For editors.
            keys.check("$schema", as: .string)
            keys.object("daemon") { daemon.read($0) }
            scope.logDirectory = daemon.logDirectory ?? scope.logDirectory
            included = keys.value("include")?.value(as: .includes) ?? []
            defaults = declare(keys, over: nil)
        }
        let resolve = scope.surroundings.resolve
        var read: Set<String> = [resolve(path)]
        for file in included where read.insert(resolve(file)).inserted {
            open(file)?.object { keys in
                keys.refuse(["daemon", "include"], .belongsInMainFile)
                _ = declare(keys, over: defaults)
            }
        }
    }

    private func open(_ file: String) -> ValueReader? {
        problems.open(file)
        do {
            return ValueReader(json: try parse(file), scope: scope)
        } catch {
            problems.report(error)
            isComplete = false
            return nil
        }
    }

    private func parse(_ file: String) throws(ConfigurationError) -> JSON {
        let surroundings = scope.surroundings
        guard !surroundings.isRoot || !surroundings.isWorldWritable(file) else {
            throw ConfigurationError(file: file, .file, .worldWritable)
        }
        let bytes: [UInt8]
        do throws(Surroundings.Unreadable) {
            bytes = try surroundings.readFile(file)
        } catch {
            throw ConfigurationError(file: file, .text, .unreadable(error.reason))
        }
        do throws(JSONSyntaxError) {
            return try JSONParser.parse(bytes, file: file)
        } catch {
            throw ConfigurationError(
                file: file,
                position: error.position,
                .text,
                .syntax(error.problem)
            )
        }
    }

    // MARK: - Declarations

    /// Takes up the programs and groups of a file.
    ///
    /// - Returns: The defaults of the file, laid over those of the main file.
    private func declare(_ keys: ObjectReader, over base: JSON?) -> JSON? {
        let own = keys.value("defaults")
        own?.naming(program: "", group: "").object(ProgramConfiguration.check)
        let defaults = own.map { own in base.map(own.json.laid) ?? own.json } ?? base
        keys.object("programs") { keys in
            for member in keys.entries() {
                names.declare(member, problems: problems)
                let json = defaults.map(member.value.laid) ?? member.value
                programs.append(Entry(name: member.key, json: json))
                programNames.append(member.key)
            }
        }
        keys.object("groups") { keys in
            for member in keys.entries() {
                names.declare(member, problems: problems)
                groups.append(Entry(name: member.key, json: member.value))
            }
        }
        return defaults
    }

    // MARK: - Contents

    /// Looks into all that was declared; of use only if there are no problems then.
    func configuration() -> Configuration {
        if isComplete { scope.programs = programNames }
        let groups = groups.map { entry in
            Configuration.Group(name: entry.name, programs: members(of: entry))
        }
        let memberships = groups.flatMap { group in group.programs.map { ($0, group.name) } }
        let firstGroups = Dictionary(memberships) { first, _ in first }
        let readers = programs.map { entry in
            ValueReader(json: entry.json, scope: scope)
                .naming(program: entry.name, group: firstGroups[entry.name] ?? entry.name)
        }
        let read = zip(programs, readers).compactMap { entry, reader in
            program(named: entry.name, reader).map { (program: $0, reader: reader) }
        }
        Neighbours(read).check()
        return Configuration(daemon: daemon, programs: read.map(\.program), groups: groups)
    }

    private func program(named name: String, _ reader: ValueReader) -> ProgramConfiguration? {
        var program: ProgramConfiguration?
        reader.object { program = ProgramConfiguration(name: name, $0) }
        return program
    }

    private func members(of group: Entry) -> [String] {
        ValueReader(json: group.json, scope: scope).value(as: .names) ?? []
    }
}
