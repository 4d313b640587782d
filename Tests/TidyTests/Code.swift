/// Swift without what stands in its comments and string literals, line by line.
///
/// No parser: an interpolation counts as part of its string. Quotes come in pairs there too, so
/// what follows is seen rightly.
struct Code {
    private enum Place {
        case code
        case lineComment
        case blockComment
        case string(end: [UInt8], isRaw: Bool)
    }

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")

    let lines: [Substring]

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var place = Place.code
        var kept: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let rest = bytes[index...]
            if rest.first == Code.newline {
                kept.append(Code.newline)
                index += 1
                place = Code.afterLineEnd(place)
                continue
            }
            let step = Code.step(&place, rest)
            if step.isCode { kept += rest.prefix(step.length) }
            index += step.length
        }
        lines = String(decoding: kept, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func afterLineEnd(_ place: Place) -> Place {
        switch place {
        case .code, .lineComment: .code
        case .blockComment: .blockComment
        case .string(let end, _): end.starts(with: [quote, quote, quote]) ? place : .code
        }
    }

    /// How much belongs together at the front of `rest`, and whether it is code.
    private static func step(
        _ place: inout Place,
        _ rest: ArraySlice<UInt8>
    ) -> (length: Int, isCode: Bool) {
        switch place {
        case .code:
            if rest.starts(with: "//".utf8) {
                place = .lineComment
            } else if rest.starts(with: "/*".utf8) {
                place = .blockComment
            } else if let string = openString(rest) {
                place = .string(end: string.end, isRaw: string.isRaw)
                return (string.end.count, false)
            } else {
                return (1, true)
            }
            return (2, false)
        case .lineComment:
            return (1, false)
        case .blockComment:
            guard rest.starts(with: "*/".utf8) else { return (1, false) }
            place = .code
            return (2, false)
        case .string(let end, let isRaw):
            if rest.starts(with: end) {
                place = .code
                return (end.count, false)
            }
            let isEscape = !isRaw && rest.first == UInt8(ascii: "\\")
            return (isEscape && rest.dropFirst().first != newline ? 2 : 1, false)
        }
    }

    /// What ends the string literal that begins here, if one does.
    private static func openString(_ rest: ArraySlice<UInt8>) -> (end: [UInt8], isRaw: Bool)? {
        let hashes = rest.prefix { $0 == UInt8(ascii: "#") }
        let quotes = rest.dropFirst(hashes.count).prefix { $0 == quote }
        guard !quotes.isEmpty else { return nil }
        return (Array(quotes.prefix(quotes.count >= 3 ? 3 : 1) + hashes), !hashes.isEmpty)
    }
}
