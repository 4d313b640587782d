/// Shows the control characters in a stream of bytes, all but those that lay out text.
///
/// The stream may be cut anywhere, also within a character.
struct TerminalFilter {
    /// The first byte of a C1 control (U+0080...U+009F) in UTF-8, and of letters such as é.
    private static let leadOfC1: UInt8 = 0xc2

    /// Whether ``leadOfC1`` has come, and not what follows it.
    private var isPending = false

    mutating func filter(_ bytes: [UInt8]) -> [UInt8] {
        var shown: [UInt8] = []
        shown.reserveCapacity(bytes.count)
        for byte in bytes {
            if isPending {
                isPending = false
                if (0x80...0x9f).contains(byte) {
                    shown += TerminalFilter.shown(byte).utf8
                    continue
                }
                shown.append(TerminalFilter.leadOfC1)
            }
            switch byte {
            case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): shown.append(byte)
            case 0x00...0x1f, 0x7f: shown += TerminalFilter.shown(byte).utf8
            case TerminalFilter.leadOfC1: isPending = true
            default: shown.append(byte)
            }
        }
        return shown
    }

    /// As `\x1b`.
    static func shown(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "\\x0\(digits)" : "\\x\(digits)"
    }
}
