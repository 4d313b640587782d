import Supervision

/// Files in memory, and a machine around them on which a loader can run.
struct Disk {
    var files: [String: String]
    /// Files that are no texts.
    var binaries = [
        "/usr/share/zoneinfo/Europe/Berlin": ZoneFile(footer: Calendar.berlin).bytes
    ]
    /// What other paths of a file lead to.
    var links: [String: String] = [:]
    var worldWritable: Set<String> = []
    var environment = ["HOME": "/home/ada", "PORT": "8080", "EMPTY": "", "BLANKS": "a b"]
    var isRoot = false

    init(_ files: [String: String]) {
        self.files = files
    }

    /// One file, `/etc/keepd.json`.
    init(_ text: String) {
        files = [Disk.main: text]
    }

    static let main = "/etc/keepd.json"

    func load(_ path: String = Disk.main) throws(ConfigurationErrors) -> Configuration {
        try ConfigurationLoader(surroundings).load(path)
    }

    /// The lines that a user would see; none if the configuration loads.
    func errors(_ path: String = Disk.main) -> [String] {
        do {
            _ = try load(path)
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }

    private var surroundings: Surroundings {
        Surroundings(
            readFile: { path throws(Surroundings.Unreadable) in
                if let bytes = binaries[path] { return bytes }
                guard let text = files[path] else {
                    throw .init(reason: "no such file or directory")
                }
                return Array(text.utf8)
            },
            isWorldWritable: { worldWritable.contains($0) },
            // Backwards, for nobody promised an order.
            glob: { pattern in
                (Array(files.keys) + binaries.keys).filter { matches($0[...], pattern[...]) }
                    .sorted(by: >)
            },
            resolve: { links[$0] ?? $0 },
            userExists: { ["root", "ada", "deploy", "www-data"].contains($0) },
            groupExists: { ["root", "adm", "keepd", "www-data"].contains($0) },
            environment: environment,
            isRoot: isRoot,
            defaultLogDirectory: "/var/log/keepd",
            workingDirectory: "/home/ada"
        )
    }

    /// As glob(7), as far as the tests need it: `*`, `[A-Z]` and backslash.
    private func matches(_ text: Substring, _ pattern: Substring) -> Bool {
        guard let wanted = pattern.first else { return text.isEmpty }
        switch wanted {
        case "*":
            let isMore = text.first.map { $0 != "/" } ?? false
            return matches(text, pattern.dropFirst())
                || (isMore && matches(text.dropFirst(), pattern))
        case "[":
            guard let first = text.first, first.isUppercase else { return false }
            return matches(text.dropFirst(), pattern.dropFirst("[A-Z]".count))
        case "\\":
            let literal = pattern.dropFirst()
            return text.first == literal.first && matches(text.dropFirst(), literal.dropFirst())
        default:
            return text.first == wanted && matches(text.dropFirst(), pattern.dropFirst())
        }
    }
}
