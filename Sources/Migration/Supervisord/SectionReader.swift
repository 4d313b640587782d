/// Reads the options of a section, and remembers which were asked for; the others get a warning.
final class SectionReader {
    let section: IniSection
    private let warnings: Warnings
    private var asked: Set<String> = []

    init(_ section: IniSection, _ warnings: Warnings) {
        self.section = section
        self.warnings = warnings
    }

    func option(_ name: String) -> IniSection.Option? {
        asked.insert(name)
        return section[name]
    }

    // MARK: - Values

    func boolean(_ name: String) throws(Migration.Failure) -> Bool? {
        guard let option = option(name) else { return nil }
        switch option.value.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw failure(option, "\"\(option.value)\" is neither true nor false")
        }
    }

    func integer(_ name: String) throws(Migration.Failure) -> Int? {
        guard let option = option(name) else { return nil }
        guard let number = Int(option.value) else {
            throw failure(option, "\"\(option.value)\" is no whole number")
        }
        return number
    }

    /// Bytes, as keepd writes them: `KB`, `MB` and `GB` are of 1024 in supervisord.
    func size(_ name: String) throws(Migration.Failure) -> JSONValue? {
        guard let option = option(name) else { return nil }
        let text = option.value.uppercased()
        for (suffix, ours) in [("KB", "KiB"), ("MB", "MiB"), ("GB", "GiB")]
        where text.hasSuffix(suffix) {
            guard let number = Int(text.dropLast(2)[...].trimmed) else { break }
            return number == 0 ? .number(0) : .string("\(number)\(ours)")
        }
        guard let number = Int(text) else {
            throw failure(option, "\"\(option.value)\" is no size")
        }
        return .number(number)
    }

    /// The parts between commas, without blanks around them.
    func list(_ name: String) -> [String]? {
        option(name)?.value.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
    }

    // MARK: - What cannot be taken over

    /// - Parameter names: Options that are warned of, if they are there.
    func warn(_ names: String..., because text: String) {
        for name in names {
            if let option = option(name) { warn(option, text) }
        }
    }

    func warn(_ option: IniSection.Option, _ text: String) {
        warnings.add(option.place, "[\(section.name)] \(option.name)", text)
    }

    func warn(_ text: String) {
        warnings.add(section.place, "[\(section.name)]", text)
    }

    func warnOfOthers() {
        for option in section.options where !asked.contains(option.name) {
            warn(option, "supervisord has no such option")
        }
    }

    func failure(_ option: IniSection.Option, _ text: String) -> Migration.Failure {
        Migration.Failure(place: option.place, text: "[\(section.name)] \(option.name): \(text)")
    }
}
