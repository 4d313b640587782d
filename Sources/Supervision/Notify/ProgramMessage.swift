public import SystemTypes

/// One thing that a program says of itself, to the socket of `NOTIFY_SOCKET`.
///
/// Source: sd_notify(3).
public enum ProgramMessage: Equatable, Sendable {
    case ready
    /// `ready` follows when it is done.
    case reloading
    case stopping
    /// For people; one line, without control characters.
    case status(String)
    case alive
    /// The program has found itself out of order.
    case watchdogTriggered
    /// How much longer, from now, it needs for what it does.
    case extendTimeout(Duration)
    case mainProcess(ProcessID)

    /// A datagram that is longer is not heeded; systemd has the same limit.
    public static let bytesMax = 4_096
    /// Of a status; what is longer is cut off.
    public static let statusLengthMax = 512

    /// What a datagram says, in its order.
    ///
    /// Lines that say nothing, or nothing that keepd has use for, are left out, for the protocol
    /// grows: whoever sends them may be newer.
    public static func parse(_ datagram: RawSpan) -> [ProgramMessage] {
        guard datagram.byteCount <= bytesMax else { return [] }
        return datagram.withUnsafeBytes { bytes in
            bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
                // One line that is no text spoils no other.
                String(validating: line, as: UTF8.self).flatMap(parse(line:))
            }
        }
    }

    private static func parse(line: String) -> ProgramMessage? {
        guard let sign = line.firstIndex(of: "=") else { return nil }
        let value = String(line[line.index(after: sign)...])
        switch line[..<sign] {
        case "READY": return value == "1" ? .ready : nil
        case "RELOADING": return value == "1" ? .reloading : nil
        case "STOPPING": return value == "1" ? .stopping : nil
        case "STATUS": return .status(legible(value))
        case "WATCHDOG":
            switch value {
            case "1": return .alive
            case "trigger": return .watchdogTriggered
            default: return nil
            }
        case "EXTEND_TIMEOUT_USEC":
            return number(value).map { .extendTimeout(.microseconds($0)) }
        case "MAINPID":
            guard let number = number(value), number > 0, let id = Int32(exactly: number) else {
                return nil
            }
            return .mainProcess(ProcessID(rawValue: id))
        default: return nil
        }
    }

    /// Digits only, for `Int64.init` would take a sign.
    private static func number(_ text: String) -> Int64? {
        text.unicodeScalars.allSatisfy(\.isDigit) ? Int64(text) : nil
    }

    /// It is shown on terminals, which obey control characters.
    private static func legible(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(statusLengthMax).map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: " "
                    default: scalar
                    }
                }
            )
        )
    }
}
