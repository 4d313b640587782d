/// Reads files as supervisord does, which is as Python's `RawConfigParser` does that is not strict.
///
/// Source: supervisor 4.3, `supervisor/options.py`; Python 3, `configparser`.
struct IniParser {
    private(set) var sections: [IniSection] = []
    private var file = ""
    /// The section that is being read, which an earlier one of the same name may have begun.
    private var section: Int?
    /// The option that goes on while lines are indented further than its first.
    private var option: IniSection.Option?
    private var indentation = 0

    /// Reads one more file; what it says comes after what others have said, and wins.
    mutating func read(_ lines: [Substring], file: String) throws(Migration.Failure) {
        (self.file, section, option) = (file, nil, nil)
        for (index, line) in lines.enumerated() {
            try read(line, at: Migration.Place(file: file, line: index + 1))
        }
        endOption()
    }

    private mutating func read(
        _ line: Substring,
        at place: Migration.Place
    ) throws(Migration.Failure) {
        let code = IniParser.withoutComment(line)
        let text = code.trimmed
        guard !text.isEmpty else {
            // An empty line may be part of a value; a comment is not.
            if code == line, option != nil { option?.value += "\n" }
            return
        }
        let depth = code.prefix { $0.isWhitespace }.count
        if option != nil, depth > indentation {
            option?.value += "\n" + text
            return
        }
        endOption()
        indentation = depth
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            begin(String(text[text.index(after: text.startIndex)..<end]), at: place)
        } else {
            try beginOption(text, at: place)
        }
    }

    private mutating func begin(_ name: String, at place: Migration.Place) {
        if let known = sections.firstIndex(where: { $0.name == name }) {
            section = known
        } else {
            section = sections.count
            sections.append(IniSection(name: name, place: place))
        }
    }

    private mutating func beginOption(
        _ text: String,
        at place: Migration.Place
    ) throws(Migration.Failure) {
        guard section != nil else {
            throw Migration.Failure(place: place, text: "there is no section above this line")
        }
        guard let mark = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
            throw Migration.Failure(place: place, text: "expected NAME = VALUE")
        }
        option = IniSection.Option(
            name: text[..<mark].trimmed.lowercased(),
            value: text[text.index(after: mark)...].trimmed,
            place: place
        )
    }

    private mutating func endOption() {
        guard var finished = option, let section else { return }
        finished.value = finished.value[...].trimmed
        sections[section].set(finished)
        option = nil
    }

    /// A comment begins with `;` or `#`, at the beginning or after a blank.
    private static func withoutComment(_ line: Substring) -> Substring {
        var isAfterBlank = true
        for index in line.indices {
            let character = line[index]
            if isAfterBlank, character == ";" || character == "#" { return line[..<index] }
            isAfterBlank = character.isWhitespace
        }
        return line
    }
}

extension String {
    /// Empty ones too.
    var lines: [Substring] { split(omittingEmptySubsequences: false) { $0.isNewline } }
}

extension Substring {
    /// Without blanks around it.
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
