/// The pairs of `environment=KEY="val",KEY2="val2"`.
///
/// Quotes and backslashes are those of a shell, as supervisor 4.4 has it; 4.3 knows no escapes.
struct EnvironmentList {
    private(set) var pairs: [(name: String, value: String)] = []
    private var rest: Substring

    /// `nil` if it is not a list of pairs.
    init?(_ text: String) {
        rest = text[...]
        while skipBlanks() {
            let name = rest.prefix { $0 != "=" && $0 != "," && !$0.isWhitespace }
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, skipBlanks(), rest.popFirst() == "=", let value = takeValue()
            else { return nil }
            pairs.append((String(name), value))
            guard skipBlanks() else { return }
            guard rest.popFirst() == "," else { return nil }
        }
    }

    /// - Returns: Whether there is more.
    private mutating func skipBlanks() -> Bool {
        rest = rest.drop { $0.isWhitespace }
        return !rest.isEmpty
    }

    private mutating func takeValue() -> String? {
        _ = skipBlanks()
        var value = ""
        while let character = rest.first, character != ",", !character.isWhitespace {
            rest.removeFirst()
            switch character {
            case "'", "\"":
                guard let quoted = takeQuoted(until: character) else { return nil }
                value += quoted
            case "\\":
                if let next = rest.popFirst() { value.append(next) }
            default:
                value.append(character)
            }
        }
        return value
    }

    private mutating func takeQuoted(until quote: Character) -> String? {
        var value = ""
        while let character = rest.popFirst() {
            if character == quote { return value }
            if character == "\\", quote == "\"", let next = rest.first, "\"\\".contains(next) {
                rest.removeFirst()
                value.append(next)
            } else {
                value.append(character)
            }
        }
        return nil
    }
}
