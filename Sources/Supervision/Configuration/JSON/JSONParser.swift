/// Reads JSON, with comments and trailing commas, into a tree that knows its positions.
///
/// Strict in all else. Two equal keys in an object are left to the reader of the tree, who can name
/// both places and go on.
///
/// Source: RFC 8259.
struct JSONParser {
    static let depthMax = 64

    private let file: String
    private let text: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    private var startOfLine = 0

    static func parse(_ bytes: [UInt8], file: String) throws(JSONSyntaxError) -> JSON {
        var parser = JSONParser(text: try decode(bytes, file: file), file: file)
        if parser.next == "\u{feff}" { throw parser.error(.byteOrderMark) }
        try parser.skipBlanks()
        let root = try parser.value(at: .root, depth: 1)
        try parser.skipBlanks()
        guard parser.next == nil else { throw parser.unexpected("the end of the file") }
        return root
    }

    private init(text: [Unicode.Scalar], file: String) {
        self.text = text
        self.file = file
    }

    private static func decode(
        _ bytes: [UInt8],
        file: String
    ) throws(JSONSyntaxError) -> [Unicode.Scalar] {
        var text: [Unicode.Scalar] = []
        text.reserveCapacity(bytes.count)
        var decoder = UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        while true {
            switch decoder.parseScalar(from: &rest) {
            case .valid(let scalar):
                text.append(UTF8.decode(scalar))
            case .emptyInput:
                return text
            case .error:
                var parser = JSONParser(text: text, file: file)
                while parser.next != nil { parser.advance() }
                throw parser.error(.notUTF8)
            }
        }
    }

    // MARK: - Values

    private mutating func value(
        at path: JSONPath,
        depth: Int
    ) throws(JSONSyntaxError) -> JSON {
        guard depth <= JSONParser.depthMax else {
            throw error(.tooDeep(limit: JSONParser.depthMax))
        }
        let start = position
        let content: JSON.Content =
            switch next {
            case "{": .object(try members(of: path, depth: depth))
            case "[": .array(try elements(of: path, depth: depth))
            case "\"": .string(try string())
            case let scalar? where scalar == "-" || scalar.isDigit: .number(try number())
            default: try word()
            }
        return JSON(content: content, position: start, path: path)
    }

    private mutating func members(
        of path: JSONPath,
        depth: Int
    ) throws(JSONSyntaxError) -> [JSON.Member] {
        var members: [JSON.Member] = []
        advance()
        while try !closes("}") {
            let start = position
            guard next == "\"" else { throw unexpected(#"a key in double quotes or "}""#) }
            let key = try string()
            try skipBlanks()
            guard next == ":" else { throw unexpected(#"":""#) }
            advance()
            try skipBlanks()
            let value = try value(at: .member(of: path, key: key), depth: depth + 1)
            members.append(JSON.Member(key: key, position: start, value: value))
            try separate(before: "}")
        }
        return members
    }

    private mutating func elements(
        of path: JSONPath,
        depth: Int
    ) throws(JSONSyntaxError) -> [JSON] {
        var elements: [JSON] = []
        advance()
        while try !closes("]") {
            let path = JSONPath.element(of: path, index: elements.count)
            elements.append(try value(at: path, depth: depth + 1))
            try separate(before: "]")
        }
        return elements
    }

    private mutating func closes(_ bracket: Unicode.Scalar) throws(JSONSyntaxError) -> Bool {
        try skipBlanks()
        guard next == bracket else { return false }
        advance()
        return true
    }

    private mutating func separate(before bracket: Unicode.Scalar) throws(JSONSyntaxError) {
        try skipBlanks()
        if next == "," {
            advance()
        } else if next != bracket {
            throw unexpected("\",\" or \"\(bracket)\"")
        }
    }

    private mutating func number() throws(JSONSyntaxError) -> String {
        let start = position
        let text = take { $0.isWordLike || $0 == "+" || $0 == "-" || $0 == "." }
        guard JSONParser.isNumber(text) else {
            throw JSONSyntaxError(problem: .badNumber(text), position: start)
        }
        return text
    }

    /// As RFC 8259 has it: no leading zero, no plus sign, digits on both sides of the point.
    private static func isNumber(_ text: String) -> Bool {
        var rest = text.unicodeScalars[...]
        func digits() -> Int {
            let count = rest.prefix(while: \.isDigit).count
            rest.removeFirst(count)
            return count
        }
        if rest.first == "-" { rest.removeFirst() }
        let hasLeadingZero = rest.first == "0"
        let integers = digits()
        guard integers == 1 || (integers > 1 && !hasLeadingZero) else { return false }
        if rest.first == "." {
            rest.removeFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == "e" || rest.first == "E" {
            rest.removeFirst()
            if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func word() throws(JSONSyntaxError) -> JSON.Content {
        let before = self
        let word = take(while: \.isWordLike)
        switch word {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "": throw before.unexpected("a value")
        default:
            throw before.error(.unexpected(found: word, expected: "a value"))
        }
    }

    // MARK: - Blanks

    private mutating func skipBlanks() throws(JSONSyntaxError) {
        while true {
            switch next {
            case " ", "\t", "\n", "\r": advance()
            case "/": try skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() throws(JSONSyntaxError) {
        let before = self
        advance()
        switch next {
        case "/":
            while let scalar = next, scalar != "\n" { advance() }
        case "*":
            advance()
            while next != "*" || following != "/" {
                guard next != nil else { throw before.error(.unclosedComment) }
                advance()
            }
            advance()
            advance()
        default:
            throw before.unexpected("a value or a comment")
        }
    }

    // MARK: - The text

    var next: Unicode.Scalar? { index < text.count ? text[index] : nil }

    private var following: Unicode.Scalar? { index + 1 < text.count ? text[index + 1] : nil }

    private var position: SourcePosition {
        SourcePosition(file: file, line: line, column: index - startOfLine + 1)
    }

    mutating func advance() {
        let isEndOfLine = text[index] == "\n"
        index += 1
        guard isEndOfLine else { return }
        line += 1
        startOfLine = index
    }

    private mutating func take(while belongs: (Unicode.Scalar) -> Bool) -> String {
        var taken = String.UnicodeScalarView()
        while let scalar = next, belongs(scalar) {
            taken.append(scalar)
            advance()
        }
        return String(taken)
    }

    func error(_ problem: JSONSyntaxError.Problem) -> JSONSyntaxError {
        JSONSyntaxError(problem: problem, position: position)
    }

    private func unexpected(_ expected: String) -> JSONSyntaxError {
        error(.unexpected(found: next.map(String.init), expected: expected))
    }
}

extension Unicode.Scalar {
    /// A character that would not end a word or a number.
    fileprivate var isWordLike: Bool {
        properties.isAlphabetic || isDigit || self == "_"
    }
}
