extension JSON {
    /// This value laid over `base`: objects are merged key by key, anything else wins as it is.
    ///
    /// Each part keeps its own position and path, so what is wrong with a default is said of the
    /// default.
    func laid(over base: JSON) -> JSON {
        guard case .object(let mine) = content, case .object(let theirs) = base.content else {
            return self
        }
        let basis = Dictionary(theirs.map { ($0.key, $0.value) }) { first, _ in first }
        let keys = Set(mine.map(\.key))
        let merged = mine.map { member in
            guard let below = basis[member.key] else { return member }
            return member.laid(over: below)
        }
        let rest = theirs.filter { !keys.contains($0.key) }
        return JSON(content: .object(merged + rest), position: position, path: path)
    }
}

extension JSON.Member {
    fileprivate func laid(over base: JSON) -> JSON.Member {
        let value = value.expandedShortForm(of: key, like: base)
        return JSON.Member(
            key: key,
            position: position,
            value: value.laid(over: base.expandedShortForm(of: key, like: value))
        )
    }
}

extension JSON {
    /// The object for which a string stands, if it is to be merged with one.
    fileprivate func expandedShortForm(of key: String, like other: JSON) -> JSON {
        guard case .string(let text) = content, case .object = other.content,
            let long = JSON.shortForms[key], !long.exceptions.contains(text)
        else { return self }
        let member = Member(key: long.key, position: position, value: self)
        return JSON(content: .object([member]), position: position, path: path)
    }

    private static let shortForms: [String: (key: String, exceptions: [String])] = [
        "restart": ("when", []),
        "stdout": ("file", ["null", "inherit"]),
        "stderr": ("file", ["null", "inherit", "stdout"]),
    ]
}
