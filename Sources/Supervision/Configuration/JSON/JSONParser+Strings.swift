extension JSONParser {
    /// Reads a string from its opening to its closing quote.
    mutating func string() throws(JSONSyntaxError) -> String {
        let before = self
        var content = String.UnicodeScalarView()
        advance()
        while let scalar = next {
            switch scalar {
            case "\"":
                advance()
                return String(content)
            case "\\":
                content.append(try escape())
            case "\n", "\r":
                throw before.error(.unclosedString)
            case "\0"..<" ":
                throw error(.controlCharacter(scalar.value))
            default:
                content.append(scalar)
                advance()
            }
        }
        throw before.error(.unclosedString)
    }

    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let before = self
        advance()
        guard let letter = next else { throw before.error(.badEscape) }
        advance()
        switch letter {
        case "\"", "\\", "/": return letter
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            guard let first = hexadecimal() else { throw before.error(.badEscape) }
            guard let scalar = completed(first) else { throw before.error(.loneSurrogate) }
            return scalar
        default: throw before.error(.badEscape)
        }
    }

    /// The scalar that an escape stands for, alone or as the first of two; `nil` if it is neither.
    private mutating func completed(_ first: UInt32) -> Unicode.Scalar? {
        guard (0xd800..<0xdc00).contains(first) else { return Unicode.Scalar(first) }
        guard next == "\\" else { return nil }
        advance()
        guard next == "u" else { return nil }
        advance()
        guard let second = hexadecimal(), (0xdc00..<0xe000).contains(second) else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    }

    private mutating func hexadecimal() -> UInt32? {
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard let scalar = next, scalar.isASCII, let digit = Character(scalar).hexDigitValue
            else { return nil }
            number = number << 4 | UInt32(digit)
            advance()
        }
        return number
    }
}
