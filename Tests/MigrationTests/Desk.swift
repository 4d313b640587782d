@testable import Migration

/// Files in memory, and what becomes of them.
struct Desk {
    var files: [String: String] = [:]

    static let main = "/etc/supervisord.conf"

    func migrate(_ text: String, file: String = Desk.main) throws(Migration.Failures) -> Migration {
        try Migration(
            of: text,
            file: file,
            on: Machine(
                hostName: "host1",
                // Backwards, for nobody promised an order.
                glob: { pattern in
                    let parts = pattern.split(separator: "*", maxSplits: 1)
                    return files.keys.filter {
                        $0.hasPrefix(parts[0]) && $0.hasSuffix(parts.last ?? "")
                    }.sorted(by: >)
                },
                readFile: { files[$0] }
            )
        )
    }

    /// The keys of the one program that the options make.
    func program(_ options: String) throws(Migration.Failures) -> String {
        try programs("[program:web]\n\(options)")
    }

    /// The key `programs`, on one line.
    func programs(_ text: String) throws(Migration.Failures) -> String {
        member("programs", of: try migrate(text))
    }

    func member(_ key: String, of migration: Migration) -> String {
        let text = migration.configuration.replacing("\n", with: " ")
        guard let start = text.firstRange(of: "\"\(key)\": ")?.upperBound else { return "" }
        var (depth, result) = (0, "")
        for character in text[start...] {
            result.append(character)
            if "{[".contains(character) { depth += 1 }
            if "}]".contains(character) { depth -= 1 }
            if depth == 0 { break }
        }
        while result.contains("  ") { result = result.replacing("  ", with: " ") }
        return result
    }

    /// The lines that a user would see.
    func warnings(_ text: String) throws(Migration.Failures) -> [String] {
        try migrate(text).warnings.map(\.description)
    }

    /// The message of a file that is none; empty if it is one.
    func failure(_ text: String, file: String = Desk.main) -> String {
        do throws(Migration.Failures) {
            _ = try migrate(text, file: file)
            return ""
        } catch {
            return error.description
        }
    }
}
