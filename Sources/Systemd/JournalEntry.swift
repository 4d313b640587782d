internal import CSystemd

/// A line for the journal, with what is known about it.
///
/// Source: sd_journal_sendv(3), systemd.journal-fields(7).
public struct JournalEntry {
    /// As syslog(3) counts, from 0, the most urgent, to 7.
    public static let informational: UInt8 = 6

    private var bytes: [UInt8] = []
    private var lengths: [Int] = []

    public init() {}

    /// - Parameters:
    ///   - name: Capital letters, digits and underscores.
    ///   - value: Any bytes.
    public mutating func add(_ name: StaticString, _ value: some Sequence<UInt8>) {
        let start = bytes.count
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "="))
        bytes.append(contentsOf: value)
        lengths.append(bytes.count - start)
    }

    /// Waits until the journal has it.
    ///
    /// Without a journal it is gone, and nobody says so.
    public func send() {
        bytes.withUnsafeBytes { bytes in
            _ = csystemd_journal_send(
                bytes.bindMemory(to: CChar.self).baseAddress,
                lengths,
                CInt(lengths.count)
            )
        }
    }

    /// Reads the urgency that a line may begin with, as `<3>`.
    ///
    /// - Returns: That, and what follows it.
    ///
    /// Source: sd-daemon(3).
    public static func priority(
        of line: ArraySlice<UInt8>
    ) -> (priority: UInt8, text: ArraySlice<UInt8>) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "7")
        guard line.count >= 3, line.first == UInt8(ascii: "<"),
            case let digit = line[line.startIndex + 1], digits.contains(digit),
            line[line.startIndex + 2] == UInt8(ascii: ">")
        else { return (informational, line) }
        return (digit - UInt8(ascii: "0"), line.dropFirst(3))
    }
}
