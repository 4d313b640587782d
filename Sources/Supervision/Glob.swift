/// A shell pattern: `*` for any text, `?` for one character, `[a-z0]` and `[!a-z0]` for one of some.
///
/// Source: glob(7), without character classes; fnmatch(3) may take exponential time, and patterns come
/// from whoever asks.
struct Glob {
    private enum Part {
        case anything
        case one
        case character(Character)
        case of([ClosedRange<Character>], isNegated: Bool)

        func matches(_ character: Character) -> Bool {
            switch self {
            case .anything, .one: true
            case .character(let own): own == character
            case .of(let ranges, let isNegated):
                ranges.contains { $0.contains(character) } != isNegated
            }
        }

        var isAnything: Bool { if case .anything = self { true } else { false } }
    }

    private let parts: [Part]

    init(_ pattern: String) {
        var rest = Substring(pattern)
        var parts: [Part] = []
        while let first = rest.first {
            if let set = Glob.takeSet(from: &rest) {
                parts.append(set)
                continue
            }
            rest.removeFirst()
            parts.append(first == "*" ? .anything : first == "?" ? .one : .character(first))
        }
        self.parts = parts
    }

    /// - Returns: `nil` where there is none; a bracket that nothing closes stands for itself.
    private static func takeSet(from rest: inout Substring) -> Part? {
        guard rest.first == "[" else { return nil }
        var body = rest.dropFirst()
        let isNegated = body.first == "!" || body.first == "^"
        if isNegated { body.removeFirst() }
        // A bracket that comes first is one of the characters.
        guard let end = body.dropFirst().firstIndex(of: "]") else { return nil }
        rest = body[end...].dropFirst()
        var set = body[..<end]
        var ranges: [ClosedRange<Character>] = []
        while let low = set.popFirst() {
            guard set.first == "-", let high = set.dropFirst().first else {
                ranges.append(low...low)
                continue
            }
            set = set.dropFirst(2)
            if low <= high { ranges.append(low...high) }
        }
        return .of(ranges, isNegated: isNegated)
    }

    /// Takes time in proportion to the product of both lengths, at the worst.
    func matches(_ text: String) -> Bool {
        let text = Array(text)
        var (p, t) = (0, 0)
        // Where to take up again when the last star has to swallow one character more.
        var retry: (part: Int, text: Int)?
        while t < text.count {
            if p < parts.count, parts[p].isAnything {
                retry = (p + 1, t)
                p += 1
            } else if p < parts.count, parts[p].matches(text[t]) {
                p += 1
                t += 1
            } else if let (part, start) = retry {
                retry = (part, start + 1)
                (p, t) = (part, start + 1)
            } else {
                return false
            }
        }
        return parts[p...].allSatisfy(\.isAnything)
    }
}
