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
        let below = base.expandedShortForm(of: key, like: value).yielding(to: value, as: key)
        return JSON.Member(key: key, position: position, value: value.laid(over: below))
    }
}

extension JSON {
    /// This base without another way to check a program than that of `value`, if it has one, and
    /// without what means nothing with that.
    fileprivate func yielding(to value: JSON, as key: String) -> JSON {
        guard key == "ready" || key == "health", case .object(let mine) = content,
            case .object(let theirs) = value.content
        else { return self }
        let ways = ProbeTemplate.keys + ["notify", "fd", "log", "watchdog"]
        let chosen = theirs.filter { ways.contains($0.key) && $0.value.content != .null }
        guard let way = chosen.first?.key else { return self }
        let idle = ProbeTemplate.keys.contains(way) ? [] : ProbePolicy.keys
        let rest = mine.filter { !ways.contains($0.key) && !idle.contains($0.key) }
        return JSON(content: .object(rest), position: position, path: path)
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
        "schedule": ("cron", []),
        "stdout": ("file", ["null", "inherit"]),
        "stderr": ("file", ["null", "inherit", "stdout"]),
    ]
}
