/// Collects what is wrong, so that one reading of the files finds all of it.
final class ConfigurationProblems {
    private var found: [ConfigurationError] = []
    private var known: Set<ConfigurationError> = []
    /// In the order in which they were opened.
    private var files: [String] = []

    func open(_ file: String) {
        files.append(file)
    }

    /// Keeps `error`, once: what is wrong in `defaults` is met again in every program.
    func report(_ error: ConfigurationError) {
        guard known.insert(error).inserted else { return }
        found.append(error)
    }

    func report(_ objection: Objection, about json: JSON) {
        report(
            ConfigurationError(
                at: json.position,
                json.path,
                objection.subject ?? json.asSubject,
                objection.reason,
                suggestion: objection.suggestion
            )
        )
    }

    func report(
        key member: JSON.Member,
        as subject: ConfigurationError.Subject = .key,
        _ reason: ConfigurationError.Reason,
        suggestion: String? = nil
    ) {
        report(
            ConfigurationError(
                at: member.position,
                member.value.path,
                subject,
                reason,
                suggestion: suggestion
            )
        )
    }

    /// By file in the order of reading, then by position; `nil` if there are none.
    var errors: ConfigurationErrors? {
        guard !found.isEmpty else { return nil }
        let ranked = found.enumerated().map { number, error in
            let rank = [
                files.firstIndex(of: error.file) ?? 0,
                error.position?.line ?? 0,
                error.position?.column ?? 0,
                number,
            ]
            return (rank: rank, error: error)
        }
        let sorted = ranked.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }
        return ConfigurationErrors(sorted.map(\.error))
    }
}

extension JSON {
    var asSubject: ConfigurationError.Subject {
        switch content {
        case .null: .literal("null")
        case .boolean(let value): .literal(String(value))
        case .number(let text): .literal(text)
        case .string(let text): .string(text)
        case .array: .array
        case .object: .object
        }
    }
}
