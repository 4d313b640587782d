/// What every page of the documentation keeps to.
enum MarkdownRules {
    static func title(of file: SourceFile) -> [Complaint] {
        guard file.path.hasSuffix(".md") else { return [] }
        let titles = prose(of: file).filter { $0.text.hasPrefix("# ") }
        guard titles.count != 1 else { return [] }
        return [
            Complaint(
                path: file.path,
                line: titles.dropFirst().first?.line ?? 1,
                reason: "\(titles.count) titles (`# …`): one a page"
            )
        ]
    }

    /// - Parameter paths: All files there are.
    static func brokenLinks(in file: SourceFile, paths: Set<String>) -> [Complaint] {
        guard file.path.hasSuffix(".md") else { return [] }
        return prose(of: file).flatMap { line, text in
            text.replacing(/`[^`]*`/, with: "").matches(of: /\]\(([^)\s]+)[^)]*\)/)
                .map { String($0.1) }
                .filter { !resolves($0, from: file.path, paths) }
                .map { Complaint(path: file.path, line: line, reason: "broken link: \($0)") }
        }
    }

    private static func resolves(
        _ link: String,
        from path: String,
        _ paths: Set<String>
    ) -> Bool {
        let target = link.prefix { $0 != "#" }
        // An address elsewhere, or a place on the same page.
        guard !target.contains(/^[a-z]+:/), !target.isEmpty else { return true }
        var parts = path.split(separator: "/").dropLast()
        for part in target.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if parts.popLast() == nil {
                return false
            }
        }
        let resolved = parts.joined(separator: "/")
        return paths.contains(resolved) || paths.contains { $0.hasPrefix("\(resolved)/") }
    }

    /// The lines that are no code, with their numbers.
    private static func prose(of file: SourceFile) -> [(line: Int, text: Substring)] {
        var isCode = false
        return file.lines.enumerated().compactMap { index, line in
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isCode.toggle()
                return nil
            }
            return isCode ? nil : (index + 1, line)
        }
    }
}
