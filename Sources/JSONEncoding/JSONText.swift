/// JSON that is being written, from its first byte to its last.
///
/// Members of an object are written as they come, and put in order when it is complete: to keep them
/// apart until then, as a tree, is what takes a general encoder most of its time.
final class JSONText {
    /// An object or an array that has no end yet.
    private struct Open {
        let isObject: Bool
        let start: Int
        let firstMember: Int
        var isSorted = true
        var isEmpty = true
    }

    private(set) var bytes: [UInt8] = []
    private var open: [Open] = []
    /// Those of all open objects, each with its comma or brace before it.
    private var members: [(key: String, start: Int)] = []

    /// How many objects and arrays are open.
    var depth: Int { open.count }

    // MARK: - Objects and arrays

    func begin(object isObject: Bool) {
        open.append(
            Open(isObject: isObject, start: bytes.count, firstMember: members.count)
        )
    }

    /// Begins a member of the object at this depth.
    func beginMember(_ key: String, at depth: Int) {
        close(to: depth)
        let top = depth - 1
        if members.count > open[top].firstMember, members[members.count - 1].key >= key {
            open[top].isSorted = false
        }
        members.append((key, bytes.count))
        separate(top, "{")
        bytes.append(key: key)
    }

    /// Begins an element of the array at this depth.
    func beginElement(at depth: Int) {
        close(to: depth)
        separate(depth - 1, "[")
    }

    private func separate(_ index: Int, _ first: Unicode.Scalar) {
        bytes.append(UInt8(ascii: open[index].isEmpty ? first : ","))
        open[index].isEmpty = false
    }

    /// Ends all that has been begun beyond a depth.
    func close(to depth: Int) {
        while open.count > depth { end(open.removeLast()) }
    }

    private func end(_ container: Open) {
        if container.isEmpty { bytes.append(UInt8(ascii: container.isObject ? "{" : "[")) }
        if !container.isSorted { sort(container) }
        members.removeLast(members.count - container.firstMember)
        bytes.append(UInt8(ascii: container.isObject ? "}" : "]"))
    }

    private func sort(_ object: Open) {
        let members = members[object.firstMember...]
        let ends = members.dropFirst().map(\.start) + [bytes.count]
        let sorted = zip(members, ends).sorted { $0.0.key < $1.0.key }
        let old = Array(bytes[object.start...])
        bytes.removeLast(old.count)
        for (member, end) in sorted {
            bytes.append(UInt8(ascii: bytes.count == object.start ? "{" : ","))
            bytes += old[(member.start + 1 - object.start)..<(end - object.start)]
        }
    }

    // MARK: - Values

    func writeNull() { bytes += "null".utf8 }

    func write(_ value: Bool) { bytes += (value ? "true" : "false").utf8 }

    func write(_ value: some FixedWidthInteger & Encodable) { bytes += String(value).utf8 }

    /// - Precondition: It is finite, for JSON has no word for what is not.
    func write(_ value: Double) {
        precondition(value.isFinite, "\(value) has no JSON")
        let text = value.description
        bytes += (text.hasSuffix(".0") ? text.dropLast(2) : text[...]).utf8
    }

    func write(_ value: String) { bytes.append(quoted: value) }

    /// - Throws: What the value's own encoding throws.
    func write(_ value: some Encodable) throws {
        let depth = depth
        try value.encode(to: JSONWriter(text: self))
        close(to: depth)
    }
}
