/// A key, as a terminal in raw mode tells of it.
enum Key: Equatable {
    case character(Character)
    case up, down, pageUp, pageDown, home, end
    case enter, escape, backspace, interrupt

    private static let introducer: UInt8 = 0x1b

    /// What stands for keys that are no characters, without the escape before them.
    ///
    /// Source: ECMA-48; xterm, "PC-Style Function Keys".
    private static let sequences: [(bytes: [UInt8], key: Key)] = [
        (Array("[A".utf8), .up), (Array("OA".utf8), .up),
        (Array("[B".utf8), .down), (Array("OB".utf8), .down),
        (Array("[5~".utf8), .pageUp), (Array("[6~".utf8), .pageDown),
        (Array("[H".utf8), .home), (Array("OH".utf8), .home), (Array("[1~".utf8), .home),
        (Array("[F".utf8), .end), (Array("OF".utf8), .end), (Array("[4~".utf8), .end),
    ]

    /// The keys in what one read has brought.
    ///
    /// An escape at the end is the key of that name: a terminal sends a sequence in one piece.
    static func keys(in bytes: [UInt8]) -> [Key] {
        var (keys, rest): ([Key], ArraySlice<UInt8>) = ([], bytes[...])
        while let byte = rest.popFirst() {
            switch byte {
            case Key.introducer: keys.append(Key(afterEscapeIn: &rest))
            case 0x03, 0x04: keys.append(.interrupt)
            case 0x0a, 0x0d: keys.append(.enter)
            case 0x08, 0x7f: keys.append(.backspace)
            case 0x20...0x7e: keys.append(.character(Character(UnicodeScalar(byte))))
            default: break
            }
        }
        return keys
    }

    private init(afterEscapeIn rest: inout ArraySlice<UInt8>) {
        if let (bytes, key) = Key.sequences.first(where: { rest.starts(with: $0.bytes) }) {
            rest = rest.dropFirst(bytes.count)
            self = key
            return
        }
        // A key that nobody needs: what it sent is not typed text.
        if rest.first == UInt8(ascii: "[") || rest.first == UInt8(ascii: "O") {
            rest = rest.dropFirst().drop { !(0x40...0x7e).contains($0) }.dropFirst()
        }
        self = .escape
    }
}
