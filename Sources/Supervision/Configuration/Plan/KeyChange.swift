/// What a change of the configuration does to one key.
public struct KeyChange: Equatable, Sendable {
    /// Without what leads there: `stop.timeout`.
    public let key: String
    public let `class`: ChangeClass
    /// As the file could say it; `nil` for none.
    public let old: String?
    public let new: String?
}

extension KeyChange: CustomStringConvertible {
    public var description: String {
        "\(key): \(old ?? "null") -> \(new ?? "null") (\(`class`.rawValue))"
    }
}

extension KeyChange {
    /// The differences, those of `new` in its order, then what is there no longer.
    static func between(_ old: [Setting], _ new: [Setting]) -> [KeyChange] {
        let before = Dictionary(old.map { ($0.key, $0.text) }) { first, _ in first }
        let kept = Set(new.map(\.key))
        let changed = new.compactMap { setting -> KeyChange? in
            let past = before[setting.key] ?? nil
            guard past != setting.text else { return nil }
            return KeyChange(key: setting.key, class: setting.class, old: past, new: setting.text)
        }
        let gone = old.filter { !kept.contains($0.key) && $0.text != nil }.map { setting in
            KeyChange(key: setting.key, class: setting.class, old: setting.text, new: nil)
        }
        return changed + gone
    }
}
