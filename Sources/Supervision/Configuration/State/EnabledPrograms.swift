/// Whether programs start with keepd, where an operator has said something else than the file.
///
/// Kept in `enabled.json` in the state directory. What was said of a program that is gone stays
/// there: it may come back, and then it is still meant.
public struct EnabledPrograms: Equatable, Sendable, Codable {
    /// By the name of the program; for all others `autostart` counts.
    public var choices: [String: Bool]

    public static let fileName = "enabled.json"

    public init(choices: [String: Bool] = [:]) {
        self.choices = choices
    }

    public func starts(_ program: ProgramConfiguration) -> Bool {
        choices[program.name] ?? program.autostart
    }

    /// What is to be written, whole: a JSON text that ends with a newline.
    public var bytes: [UInt8] {
        let lines = choices.sorted { $0.key < $1.key }
            .map { "\n    \($0.key.jsonText): \($0.value)" }
        let members = lines.joined(separator: ",") + (lines.isEmpty ? "" : "\n  ")
        return Array("{\n  \"version\": 1,\n  \"programs\": {\(members)}\n}\n".utf8)
    }
}

extension EnabledPrograms {
    /// What a file says that keepd wrote, or that somebody has damaged since.
    public struct Reading: Equatable, Sendable {
        /// All that could be understood; nothing if the file as a whole could not.
        public let programs: EnabledPrograms
        /// What could not, to be said and gone on from: a broken note is no reason not to start.
        public let problems: [ConfigurationError]
    }

    /// - Parameter file: Its path, for the messages.
    public static func read(_ bytes: [UInt8], file: String) -> Reading {
        let problems = ConfigurationProblems()
        var choices: [String: Bool] = [:]
        do throws(JSONSyntaxError) {
            let json = try JSONParser.parse(bytes, file: file)
            choices = read(json, problems: problems)
        } catch {
            let reason = ConfigurationError.Reason.syntax(error.problem)
            problems.report(
                ConfigurationError(file: file, position: error.position, .text, reason)
            )
        }
        return Reading(
            programs: EnabledPrograms(choices: choices),
            problems: problems.errors?.errors ?? []
        )
    }

    private static func read(_ json: JSON, problems: ConfigurationProblems) -> [String: Bool] {
        guard case .object(let members) = json.content else {
            problems.report(Objection(.expected(.object)), about: json)
            return [:]
        }
        guard let version = members.first(where: { $0.key == "version" })?.value else {
            problems.report(Objection(.missingKey("version")), about: json)
            return [:]
        }
        // Nobody knows what a later one will mean.
        guard version.content == .number("1") else {
            problems.report(Objection(.outOfRange(min: "1", max: "1")), about: version)
            return [:]
        }
        var choices: [String: Bool] = [:]
        for programs in members where programs.key == "programs" {
            guard case .object(let entries) = programs.value.content else {
                problems.report(Objection(.expected(.object)), about: programs.value)
                continue
            }
            for entry in entries {
                if case .boolean(let isEnabled) = entry.value.content {
                    choices[entry.key] = isEnabled
                } else {
                    problems.report(Objection(.expected(.boolean)), about: entry.value)
                }
            }
        }
        return choices
    }
}
