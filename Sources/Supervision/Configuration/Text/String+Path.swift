extension String {
    /// The directory of the file that this path names; empty for the working directory.
    var directoryPart: String {
        guard let slash = lastIndex(of: "/") else { return "" }
        return slash == startIndex ? "/" : String(self[..<slash])
    }

    /// This path, seen from `directory`; an absolute one stays as it is.
    func path(from directory: String) -> String {
        guard !hasPrefix("/"), !directory.isEmpty else { return self }
        var path = self[...]
        while path.hasPrefix("./") { path = path.dropFirst(2).drop { $0 == "/" } }
        if path.isEmpty || path == "." { return directory }
        return directory.slashed + path
    }

    /// With a slash at the end.
    var slashed: String { hasSuffix("/") ? self : self + "/" }

    /// This path as a pattern that matches only itself.
    var globEscaped: String {
        reduce(into: "") { pattern, character in
            if "*?[]\\".contains(character) { pattern += "\\" }
            pattern.append(character)
        }
    }

    var isGlob: Bool { contains { "*?[".contains($0) } }
}
