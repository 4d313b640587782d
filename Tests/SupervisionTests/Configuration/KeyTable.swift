import FoundationEssentials
import Supervision
import Testing

/// The tables of keys in docs/configuration.md.
struct KeyTable {
    struct Row: Sendable, CustomTestStringConvertible {
        /// `daemon` or `programs`.
        let section: String
        let key: String
        /// JSON; `nil` if the cell is empty.
        let example: String?
        let change: ChangeClass?

        var testDescription: String { "\(section).\(key)" }
    }

    /// To check a program, of which it has one.
    static let ways = ["notify", "fd", "log", "exec", "tcp", "unix", "http", "watchdog"]

    /// Of `daemon` and of programs, those with the column *change*.
    static let rows: [Row] = {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/configuration.md")
        guard let bytes = try? Data(contentsOf: path) else { return [] }
        var (section, isTable, rows): (String, Bool, [Row]) = ("", false, [])
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("## ") { section = code(line).first ?? "" }
            guard line.hasPrefix("|") else { continue }
            let cells = line.dropFirst().dropLast().split(
                separator: "|",
                omittingEmptySubsequences: false
            )
            if cells[0] == " key " {
                isTable = cells.last == " change "
            } else if isTable, cells.count == 5, !cells[0].hasPrefix(" -") {
                rows += code(cells[0]).map { key in
                    Row(
                        section: section,
                        key: key,
                        example: code(cells[3]).first,
                        change: cells[4].split(separator: " ").first.flatMap { word in
                            ChangeClass(rawValue: String(word))
                        }
                    )
                }
            }
        }
        return rows
    }()

    /// What stands between backquotes.
    private static func code(_ text: Substring) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}

extension KeyTable.Row {
    /// A configuration with only the value, and what it needs to mean something.
    func configuration(value: String) -> String {
        let parts = key.replacing("NAME", with: "http").split(separator: ".").map(String.init)
        var text = value
        for (depth, part) in parts.enumerated().reversed() {
            text = "{\(company(at: parts[..<depth], of: part))\"\(part)\": \(text)}"
        }
        if section == "daemon" { return "{\"daemon\": \(text)}" }
        return """
            {"programs": {
                "web": \(text),
                "db": {"command": "x"}, "migrate": {"command": "x", "type": "oneshot"}
            }}
            """
    }

    /// The members beside `part` that it cannot do without.
    private func company(at parents: ArraySlice<String>, of part: String) -> String {
        let ways = KeyTable.ways
        return switch parents.joined(separator: ".") {
        case "" where part == "schedule": #""command": "x", "type": "scheduled", "#
        case "schedule" where part != "cron": #""cron": "@hourly", "#
        case "stdout" where part == "totalSize", "stderr" where part == "totalSize":
            #""maxSize": "1KB", "#
        case "ready" where !ways.contains(part), "health" where !ways.contains(part):
            #""tcp": "localhost:1", "#
        case "sockets.http" where ["mode", "owner", "group"].contains(part): #""listen": "/a", "#
        case "sockets.http" where part != "listen": #""listen": "[::]:1", "#
        case "" where section == "programs" && part != "command": #""command": "x", "#
        default: ""
        }
    }
}
