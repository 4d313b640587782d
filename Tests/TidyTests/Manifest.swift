/// The targets of Package.swift, read as text: who depends on which of our own modules.
struct Manifest {
    struct Target {
        let name: String
        let line: Int
        let isForTests: Bool
        /// Of this package only.
        let dependencies: [String]
    }

    let path: String
    let targets: [Target]

    init(_ file: SourceFile) {
        path = file.path
        let kinds = [".target(", ".executableTarget(", ".testTarget(", ".systemLibrary("]
        let lines = file.lines
        let starts = lines.indices.filter { index in
            kinds.contains { lines[index].drop { $0 == " " }.hasPrefix($0) }
        }
        targets = zip(starts, starts.dropFirst() + [lines.endIndex]).compactMap { start, end in
            Manifest.target(lines[start..<end].joined(separator: "\n"), line: start + 1)
        }
    }

    private static func target(_ text: String, line: Int) -> Target? {
        guard let name = text.firstMatch(of: /name: "([\w-]+)"/)?.1 else { return nil }
        let list = text.firstMatch(of: /dependencies: \[([^\]]*)\]/)?.1 ?? ""
        return Target(
            name: String(name),
            line: line,
            isForTests: text.contains(".testTarget(") || text.contains("path: \"Tests/"),
            dependencies: list.matches(of: /"([\w-]+)"/).map { String($0.1) }
        )
    }
}
