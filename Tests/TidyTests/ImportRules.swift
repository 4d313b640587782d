/// Who may import what.
enum ImportRules {
    private static let reserved: [String: (targets: [String], reason: String)] = [
        "Foundation": ([], "twice the memory of FoundationEssentials"),
        "FoundationEssentials": (["ControlProtocol"], "only ControlProtocol needs its JSON"),
        "Glibc": (["LinuxSystem"] + Levels.programs, "system calls live in LinuxSystem"),
    ]

    static func reserved(in file: SourceFile) -> [Complaint] {
        imports(in: file).compactMap { line, module in
            guard let rule = reserved[module], !rule.targets.contains(file.target ?? "") else {
                return nil
            }
            return Complaint(
                path: file.path,
                line: line,
                reason: "must not import \(module): \(rule.reason)"
            )
        }
    }

    /// What is imported of our own modules has to be declared: a build of all targets at once lets
    /// an undeclared one pass.
    static func undeclared(in file: SourceFile, _ manifest: Manifest) -> [Complaint] {
        let declared = manifest.targets.first { $0.name == file.target }?.dependencies ?? []
        let ours = manifest.targets.map(\.name)
        return imports(in: file).compactMap { line, module in
            guard ours.contains(module), !declared.contains(module) else { return nil }
            return Complaint(
                path: file.path,
                line: line,
                reason: "must not import \(module): no dependency of \(file.target ?? "this")"
            )
        }
    }

    /// `public import struct Glibc.timespec` imports `Glibc`.
    private static func imports(in file: SourceFile) -> [(line: Int, module: String)] {
        guard file.isSwiftSource else { return [] }
        return Code(file.text).lines.enumerated().compactMap { index, line in
            let pattern =
                /^\s*(?:[@\w]+\s+)*import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)/
            return line.firstMatch(of: pattern).map { (index + 1, String($0.1)) }
        }
    }
}
