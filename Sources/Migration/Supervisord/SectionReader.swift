internal import SystemTypes

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

    // keepd has no such numbers, signals or modes: they are warned of, and left out.

    func integer(
        _ name: String,
        in range: ClosedRange<Int>
    ) throws(Migration.Failure) -> Int? {
        guard let number = try integer(name) else { return nil }
        if range.contains(number) { return number }
        leaveOut(name, "is not from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    func signal(_ name: String) -> String? {
        guard let text = option(name)?.value else { return nil }
        if Signal(name: text) != nil { return text }
        leaveOut(name, "is no signal")
        return nil
    }

    /// The bits of a file's mode.
    func octal(_ name: String) -> String? {
        guard let text = option(name)?.value else { return nil }
        if text.allSatisfy({ ("0"..."7").contains($0) }), let bits = Int(text, radix: 8),
            bits <= 0o777
        {
            return text
        }
        leaveOut(name, "is no octal number up to 777")
        return nil
    }

    private func leaveOut(_ name: String, _ reason: String) {
        guard let option = option(name) else { return }
        warn(option, "left out: \"\(option.value)\" \(reason)")
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
        guard let number = Int(text), number >= 0 else {
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
