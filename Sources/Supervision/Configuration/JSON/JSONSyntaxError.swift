/// The place from which on a text is no JSON.
public struct JSONSyntaxError: Error, Hashable, Sendable {
    public let problem: Problem
    public let position: SourcePosition

    public enum Problem: Hashable, Sendable {
        case notUTF8
        case byteOrderMark
        /// `found` is `nil` at the end of the file.
        case unexpected(found: String?, expected: String)
        case badNumber(String)
        case unclosedComment
        case unclosedString
        case controlCharacter(UInt32)
        case badEscape
        /// Half of a pair such as `\ud83d\ude00`.
        case loneSurrogate
        case tooDeep(limit: Int)
    }
}

extension JSONSyntaxError.Problem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notUTF8:
            "not UTF-8"
        case .byteOrderMark:
            "a byte order mark at the start, which UTF-8 does not need"
        case .unexpected(let found?, let expected):
            "expected \(expected), found \(found.quoted)"
        case .unexpected(found: nil, let expected):
            "expected \(expected), found the end of the file"
        case .badNumber(let text):
            "\(text.quoted) is not a number"
        case .unclosedComment:
            "a comment that does not end"
        case .unclosedString:
            "a string that does not end"
        case .controlCharacter(let code):
            "a control character in a string, to be written as \(escape(code))"
        case .badEscape:
            #"no such escape, expected \" \\ \/ \b \f \n \r \t or \u and four hexadecimal digits"#
        case .loneSurrogate:
            "half of a surrogate pair"
        case .tooDeep(let limit):
            "nested deeper than \(limit)"
        }
    }

    private func escape(_ code: UInt32) -> String {
        switch code {
        case 0x09: #"\t"#
        case 0x0a: #"\n"#
        case 0x0d: #"\r"#
        default: #"\u00"# + (code < 16 ? "0" : "") + String(code, radix: 16)
        }
    }
}
