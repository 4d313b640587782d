/// Lines of a name and a number, as in `memory.events`, `cpu.stat` and `cgroup.events`.
///
/// Source: "Flat keyed" files in Documentation/admin-guide/cgroup-v2.rst.
public struct CgroupCounts: Equatable, Sendable, Codable {
    private let counts: [String: UInt64]

    /// Lines of another form are passed over.
    public init(_ text: String) {
        var counts: [String: UInt64] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let count = UInt64(words[1]) else { continue }
            counts[String(words[0])] = count
        }
        self.counts = counts
    }

    public subscript(name: String) -> UInt64? { counts[name] }

    public subscript(name: String, default count: UInt64) -> UInt64 { counts[name] ?? count }

    /// By how much `name` has grown since `before`; 0 if it has not, or is not there.
    public func growth(of name: String, since before: CgroupCounts) -> UInt64 {
        let (now, then) = (self[name, default: 0], before[name, default: 0])
        return now > then ? now - then : 0
    }
}
