/// The variables of a file of lines `NAME=value`, read as systemd does.
///
/// Blank lines and those that begin with `#` or `;` are comments; a line without `=`, or whose name
/// is none, is passed over. Quotes around a value go: nothing is special between single ones, and
/// between double ones a backslash takes the meaning from `"`, `\`, `` ` `` and `$`. Outside of
/// quotes it does so for every character, and joins the next line to its own.
///
/// Source: systemd.exec(5), `EnvironmentFile=`.
struct EnvironmentFile {
    /// In the order of the file; a name may come twice.
    private(set) var variables: [(name: String, value: String)] = []
    /// The numbers, from 1, of the lines that were passed over and are no comments.
    private(set) var unread: [Int] = []
    private var rest: ArraySlice<UInt8>

    init(_ text: String) {
        rest = ArraySlice(text.utf8)
        let whole = rest
        var (line, counted) = (1, whole.startIndex)
        while skipToLine() {
            let start = rest.startIndex
            if let variable = nextVariable() {
                variables.append(variable)
            } else {
                line += whole[counted..<start].count { $0 == UInt8.newline }
                counted = start
                unread.append(line)
            }
        }
    }

    /// - Returns: Whether there is another line that is neither blank nor a comment.
    private mutating func skipToLine() -> Bool {
        while true {
            rest = rest.drop { UInt8.blanks.contains($0) || $0 == UInt8.newline }
            guard rest.first == UInt8.hash || rest.first == UInt8.semicolon else { break }
            skipLine()
        }
        return !rest.isEmpty
    }

    private mutating func nextVariable() -> (name: String, value: String)? {
        let name = rest.prefix { $0 != UInt8.equals && $0 != UInt8.newline }
        rest = rest.dropFirst(name.count)
        guard rest.popFirst() == UInt8.equals else { return nil }
        let value = nextValue()
        let text = String(decoding: EnvironmentFile.trimmed(name[...]), as: UTF8.self)
        return EnvironmentFile.isName(text) ? (text, value) : nil
    }

    /// A comment goes on where its line ends in a backslash.
    private mutating func skipLine() {
        while let byte = rest.popFirst(), byte != UInt8.newline {
            if byte == UInt8.backslash { _ = rest.popFirst() }
        }
    }

    private mutating func nextValue() -> String {
        var value: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8.newline {
            switch byte {
            case UInt8.singleQuote:
                value += rest.prefix { $0 != UInt8.singleQuote }
                rest = rest.drop { $0 != UInt8.singleQuote }.dropFirst()
            case UInt8.doubleQuote:
                value += nextQuoted()
            case _ where UInt8.blanks.contains(byte):
                continue
            default:
                value += nextBare(after: byte)
                return String(decoding: value, as: UTF8.self)
            }
        }
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func nextQuoted() -> [UInt8] {
        var value: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8.doubleQuote {
            guard byte == UInt8.backslash, let next = rest.first else {
                value.append(byte)
                continue
            }
            if next != UInt8.newline, !UInt8.special.contains(next) { value.append(byte) }
            rest = rest.dropFirst()
            if next != UInt8.newline { value.append(next) }
        }
        return value
    }

    /// To the end of the line; quotes mean nothing here.
    private mutating func nextBare(after first: UInt8) -> [UInt8] {
        var (value, kept) = ([UInt8](), 0)
        var next: UInt8? = first
        while let byte = next, byte != UInt8.newline {
            if byte == UInt8.backslash {
                if let escaped = rest.popFirst(), escaped != UInt8.newline { value.append(escaped) }
                kept = value.count
            } else {
                value.append(byte)
                if !UInt8.blanks.contains(byte) { kept = value.count }
            }
            next = rest.popFirst()
        }
        return Array(value[..<kept])
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let last = bytes.last, UInt8.blanks.contains(last) { bytes.removeLast() }
        return bytes
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0))
        }
    }
}

extension UInt8 {
    fileprivate static let newline = UInt8(ascii: "\n")
    fileprivate static let hash = UInt8(ascii: "#")
    fileprivate static let semicolon = UInt8(ascii: ";")
    fileprivate static let equals = UInt8(ascii: "=")
    fileprivate static let backslash = UInt8(ascii: "\\")
    fileprivate static let singleQuote = UInt8(ascii: "'")
    fileprivate static let doubleQuote = UInt8(ascii: "\"")
    /// A carriage return too, as at the end of a line from elsewhere.
    fileprivate static let blanks = Array(" \t\r".utf8)
    fileprivate static let special = Array("\"\\`$".utf8)
}
