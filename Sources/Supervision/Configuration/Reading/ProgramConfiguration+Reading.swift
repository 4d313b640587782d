extension ProgramConfiguration {
    /// Reads one entry of `programs`, with its defaults laid under it.
    init(name: String, _ keys: ObjectReader) {
        var command: [Template] = []
        keys.require("command")
        keys.read("command", into: &command, as: .command)
        // Without a command the loading fails in the end; until then its errors are looked for.
        self.init(name: name, command: command.isEmpty ? [""] : command)
        read(keys)
        checkTogether(keys)
    }

    /// Reads `defaults` for its errors alone, which then do not depend on what programs override.
    static func check(defaults keys: ObjectReader) {
        keys.check("command", as: .command)
        var nobody = ProgramConfiguration(name: "", command: [""])
        nobody.read(keys)
    }

    private mutating func read(_ keys: ObjectReader) {
        keys.read("description", into: &description, as: .string)
        keys.read("autostart", into: &autostart, as: .boolean)
        keys.read(
            "instances",
            into: &instances,
            as: .integer(in: 1...ProgramConfiguration.instancesMax)
        )
        keys.read("dependsOn", into: &dependsOn, as: .dependencies)
        readIdentity(keys)
        policy.read(keys, stopCommand: &stopCommand)
        readChecks(keys)
        keys.read("reloadSignal", into: &reloadSignal, as: .signal)
        readStreams(keys)
        keys.object("limits") { limits.read($0) }
        keys.object("security") { security.read($0) }
        keys.read("sockets", into: &sockets, as: .sockets)
        keys.read("watch", into: &watch, as: .array(of: .path))
        keys.read("hooks", into: &hooks, as: .hooks)
        schedule = keys.value("schedule").flatMap { Schedule($0) }
    }

    /// What can be judged only when the defaults are laid under the program.
    private func checkTogether(_ keys: ObjectReader) {
        if policy.kind == .scheduled {
            keys.require("schedule")
        } else {
            keys.refuse(["schedule"], .onlyWith(#""type": "scheduled""#))
        }
        if hasTerminal {
            keys.refuse(["stdin"], .onlyWith(#""tty": false"#))
            if stderr != .sameAsStdout { keys.refuse(["stderr"], .onlyWith(#""tty": false"#)) }
        }
        if case .log = ready, !isRead {
            keys.value("ready")?.member("log")?.report(.neverRead)
        }
        if case .descriptor(let number) = ready, (3..<3 + sockets.count).contains(Int(number)) {
            keys.value("ready")?.member("fd")?.report(.descriptorOfSocket)
        }
    }

    /// Whether there is a stream in which something could be found.
    private var isRead: Bool {
        hasTerminal
            || [stdout, stderr].contains { output in
                switch output {
                case .console, .file: true
                case .null, .inherit, .sameAsStdout: false
                }
            }
    }

    /// Where, as whom and with which environment it runs.
    private mutating func readIdentity(_ keys: ObjectReader) {
        keys.read("directory", into: &directory, as: .path)
        keys.read("environment", into: &environment, as: .environment)
        keys.read("clearEnvironment", into: &clearEnvironment, as: .boolean)
        keys.read("environmentFile", into: &environmentFile, as: .optionalPath)
        keys.read("user", into: &user, as: .user)
        keys.read("group", into: &group, as: .group)
        keys.read("umask", into: &umask, as: .permissions)
    }

    private mutating func readStreams(_ keys: ObjectReader) {
        keys.read("tty", into: &hasTerminal, as: .boolean)
        if let word = keys.value("stdin")?.value(as: .word(of: ["null", "pipe"])) {
            stdin = word == "pipe" ? .pipe : .null
        }
        let common: [String: Output] = ["null": .null, "inherit": .inherit]
        if let value = keys.value("stdout") { stdout.read(value, words: common, log: &stdoutLog) }
        let more = common.merging(["stdout": .sameAsStdout]) { $1 }
        if let value = keys.value("stderr") { stderr.read(value, words: more, log: &stderrLog) }
    }
}

extension ProgramConfiguration.Output {
    /// - Parameter words: Strings that are no paths.
    fileprivate mutating func read(
        _ value: ValueReader,
        words: [String: ProgramConfiguration.Output],
        log: inout LogPolicy
    ) {
        value.object(
            { keys in
                if let path = keys.value("file")?.value(as: .logPath) { self = .file(path) }
                log.read(keys)
            },
            orString: { value in
                guard let text = value.value(as: .template) else { return }
                if let output = text.fixedText.flatMap({ words[$0] }) {
                    self = output
                } else if let path = value.value(as: .logPath) {
                    self = .file(path)
                }
            }
        )
    }
}

extension LogPolicy {
    fileprivate mutating func read(_ keys: ObjectReader) {
        keys.read("maxSize", into: &maxSize, as: .size(atLeast: 1))
        keys.read("keep", into: &keep, as: .integer(in: 0...10000))
        keys.read("totalSize", into: &totalSize, as: .size(atLeast: 1))
        keys.read("compress", into: &compress, as: .boolean)
        keys.read("timestamps", into: &timestamps, as: .boolean)
        keys.read("journal", into: &journal, as: .boolean)
        keys.read("onFull", into: &onFull, as: .choice)
        keys.read("mode", into: &mode, as: .permissions)
        keys.read("owner", into: &owner, as: .user)
        keys.read("group", into: &group, as: .group)
        if maxSize == nil { keys.refuse(["totalSize"], .onlyWith("maxSize")) }
    }
}

extension Form where Value == [String: Template] {
    /// Environment variables by name, without those that cannot be used, which are reported.
    fileprivate static var environment: Form {
        Form { value throws(Objection) in
            var variables: Value = [:]
            value.object { keys in
                for member in keys.entries() {
                    let isName = member.key.unicodeScalars.allSatisfy { $0 != "=" && $0 != "\0" }
                    if member.key.isEmpty || !isName {
                        value.scope.problems.report(key: member, .badVariableName)
                    }
                    variables[member.key] = value.reader(of: member.value).value(as: .template)
                }
            }
            return variables
        }
    }
}

extension Form where Value == [HookEvent: [Template]] {
    /// Commands by what they are for, without those that cannot be used, which are reported.
    fileprivate static var hooks: Form {
        Form { value throws(Objection) in
            var hooks: Value = [:]
            value.object { keys in
                for event in HookEvent.allCases {
                    keys.read(event.rawValue, into: &hooks[event], as: .command)
                }
            }
            return hooks
        }
    }
}
