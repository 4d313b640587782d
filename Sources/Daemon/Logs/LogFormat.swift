internal import LinuxSystem
internal import Logging
internal import SystemTypes

/// How lines on the console look.
struct LogFormat: Sendable {
    enum Style: Sendable {
        /// For a person at a terminal: short, like the lines of the programs around them.
        case terminal
        /// One line an event, with time and level.
        case text
        /// One JSON object a line.
        case json
        /// An entry of the journal, which has its own time; programs' lines are as in `text`.
        case journal
    }

    let style: Style
    let colors: Bool

    /// The beginning of a program's line.
    func prefix(of name: String) -> String {
        paint("\(name) |", LogFormat.color(of: name)) + " "
    }

    func line(_ level: Logger.Level, _ message: String, at time: WallTime) -> String {
        switch style {
        case .terminal:
            paint("keepd |", LogFormat.dim) + " "
                + (level >= .warning ? paint(message, LogFormat.red) : message)
        case .text, .journal:
            "\(time.rfc3339) \(level.rawValue) \(message)"
        case .json:
            #"{"time":"\#(time.rfc3339)","level":"\#(level.rawValue)","message":\#(quoted(message))}"#
        }
    }

    private static let dim = 2
    private static let red = 31

    private func paint(_ text: String, _ color: Int) -> String {
        colors ? "\u{1b}[\(color)m\(text)\u{1b}[0m" : text
    }

    /// The same name has the same colour each time.
    private static func color(of name: String) -> Int {
        let palette = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94]
        let hash = name.utf8.reduce(UInt32(5381)) { $0 &* 33 &+ UInt32($1) }
        return palette[Int(hash % UInt32(palette.count))]
    }

    /// A JSON string; RFC 8259, section 7.
    private func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
