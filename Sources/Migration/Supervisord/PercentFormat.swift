/// A text with `%(name)s` in it, as Python's `%` reads it where it gets a dictionary.
///
/// Source: Python 3, "printf-style String Formatting"; supervisor 4.3, `supervisor/options.py`.
struct PercentFormat: Equatable {
    enum Piece: Equatable {
        case literal(String)
        case reference(Reference)
    }

    struct Reference: Equatable {
        let name: String
        /// `0` for zeros in front, `-` for blanks behind.
        let flags: Set<Character>
        let width: Int

        /// Whether the value stands there as it is.
        var isPlain: Bool { width == 0 }

        func pad(_ value: String) -> String {
            let missing = max(0, width - value.count)
            if flags.contains("-") { return value + String(repeating: " ", count: missing) }
            return String(repeating: flags.contains("0") ? "0" : " ", count: missing) + value
        }
    }

    private(set) var pieces: [Piece] = []
    private var rest: Substring

    /// `nil` if Python would not have it.
    init?(_ text: String) {
        rest = text[...]
        var literal = ""
        while let character = rest.popFirst() {
            guard character == "%" else {
                literal.append(character)
                continue
            }
            if rest.first == "%" {
                rest.removeFirst()
                literal.append("%")
                continue
            }
            guard let reference = takeReference() else { return nil }
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = ""
            pieces.append(.reference(reference))
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
    }

    var references: [Reference] {
        pieces.compactMap { piece in
            if case .reference(let reference) = piece { reference } else { nil }
        }
    }

    /// What stands behind the `%`.
    private mutating func takeReference() -> Reference? {
        guard rest.popFirst() == "(", let end = rest.firstIndex(of: ")") else { return nil }
        let name = String(rest[..<end])
        rest = rest[rest.index(after: end)...]
        let flags = rest.prefix { "#0- +".contains($0) }
        rest = rest.dropFirst(flags.count)
        let digits = rest.prefix { $0.isNumber }
        rest = rest.dropFirst(digits.count)
        guard let kind = rest.popFirst(), "sdi".contains(kind) else { return nil }
        return Reference(name: name, flags: Set(flags), width: Int(digits) ?? 0)
    }
}
