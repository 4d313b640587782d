/// Shows the control characters in a stream of bytes, all but those that lay out text.
///
/// A carriage return lays out text before a line feed alone: elsewhere what follows it would take
/// the place of what is before. The stream may be cut anywhere, also within a character.
struct TerminalFilter {
    /// The first byte of a C1 control (U+0080...U+009F) in UTF-8, and of letters such as é.
    private static let leadOfC1: UInt8 = 0xc2

    /// What has come, and is judged by what follows it.
    private var pending: UInt8?

    mutating func filter(_ bytes: [UInt8]) -> [UInt8] {
        var shown: [UInt8] = []
        shown.reserveCapacity(bytes.count)
        for byte in bytes {
            if let first = pending.take() {
                if first == TerminalFilter.leadOfC1, (0x80...0x9f).contains(byte) {
                    shown += TerminalFilter.shown(byte).utf8
                    continue
                }
                let isReturn = first == UInt8(ascii: "\r") && byte != UInt8(ascii: "\n")
                shown += isReturn ? Array(TerminalFilter.shown(first).utf8) : [first]
            }
            switch byte {
            case UInt8(ascii: "\t"), UInt8(ascii: "\n"): shown.append(byte)
            case UInt8(ascii: "\r"), TerminalFilter.leadOfC1: pending = byte
            case 0x00...0x1f, 0x7f: shown += TerminalFilter.shown(byte).utf8
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
