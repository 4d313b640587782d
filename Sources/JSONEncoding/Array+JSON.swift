extension [UInt8] {
    mutating func append(key: String) {
        append(quoted: key)
        append(UInt8(ascii: ":"))
    }

    /// Source: RFC 8259, section 7.
    mutating func append(quoted text: String) {
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while let special = rest.firstIndex(where: \.isSpecialInJSON) {
                append(contentsOf: rest[..<special])
                append(escaped: bytes[special])
                rest = bytes[(special + 1)...]
            }
            append(contentsOf: rest)
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): self += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): self += "\\n".utf8
        case UInt8(ascii: "\r"): self += "\\r".utf8
        case UInt8(ascii: "\t"): self += "\\t".utf8
        default:
            let digits = String(byte, radix: 16)
            self += (digits.count == 1 ? "\\u000" : "\\u00").utf8
            self += digits.utf8
        }
    }
}

extension UInt8 {
    fileprivate var isSpecialInJSON: Bool {
        self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\")
    }
}
