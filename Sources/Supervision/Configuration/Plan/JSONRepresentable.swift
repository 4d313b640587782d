import SystemTypes

/// A value that can be written as the file could say it; for showing, and for comparing.
protocol JSONRepresentable {
    /// On one line; equal for equal values and for no others.
    var jsonText: String { get }
}

extension Bool: JSONRepresentable {
    var jsonText: String { String(self) }
}

extension Int: JSONRepresentable {
    var jsonText: String { String(self) }
}

extension Int32: JSONRepresentable {
    var jsonText: String { String(self) }
}

extension Double: JSONRepresentable {
    var jsonText: String { Int(exactly: self).map(String.init) ?? String(self) }
}

extension String: JSONRepresentable {
    /// Source: RFC 8259, 7.
    var jsonText: String {
        var text = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\n": text += #"\n"#
            case "\t": text += #"\t"#
            case _ where scalar.properties.generalCategory == .control:
                let digits = String(scalar.value, radix: 16)
                text += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

extension Array: JSONRepresentable where Element: JSONRepresentable {
    var jsonText: String { "[\(map(\.jsonText).joined(separator: ", "))]" }
}

extension JSONRepresentable where Self: RawRepresentable<String> {
    var jsonText: String { rawValue.jsonText }
}

extension Signal: JSONRepresentable {
    var jsonText: String { description.jsonText }
}

extension Duration: JSONRepresentable {
    /// In the largest unit in which it is a whole number; below a millisecond in seconds.
    var jsonText: String {
        let (seconds, attoseconds) = components
        let nanoseconds = attoseconds / 1_000_000_000
        if nanoseconds == 0 {
            for (unit, length) in [("h", 3600), ("m", 60)] as [(String, Int64)]
            where seconds > 0 && seconds % length == 0 {
                return "\"\(seconds / length)\(unit)\""
            }
            return "\"\(seconds)s\""
        }
        if nanoseconds % 1_000_000 == 0 {
            return "\"\(seconds * 1000 + nanoseconds / 1_000_000)ms\""
        }
        let digits = String(nanoseconds)
        return "\"\(seconds).\(String(repeating: "0", count: 9 - digits.count))\(digits)s\""
    }
}

/// An object in the order in which it is to be written, without what has no value.
struct JSONObject: JSONRepresentable {
    private var members: [(key: String, text: String)] = []

    init(_ members: [(String, (any JSONRepresentable)?)]) {
        self.members = members.compactMap { key, value in value.map { (key, $0.jsonText) } }
    }

    var jsonText: String {
        "{\(members.map { "\($0.key.jsonText): \($0.text)" }.joined(separator: ", "))}"
    }
}

/// Permission bits.
struct Octal: JSONRepresentable {
    let bits: UInt32

    var jsonText: String {
        let digits = String(bits, radix: 8)
        return "\"\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits)\""
    }
}

/// Bytes.
struct Size: JSONRepresentable {
    let bytes: UInt64

    /// In the largest unit in which it is a whole number.
    var jsonText: String {
        let units: [(String, UInt64)] = [
            ("TiB", 1 << 40), ("TB", 1_000_000_000_000), ("GiB", 1 << 30), ("GB", 1_000_000_000),
            ("MiB", 1 << 20), ("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1000),
        ]
        for (unit, length) in units where bytes > 0 && bytes % length == 0 {
            return "\"\(bytes / length)\(unit)\""
        }
        return String(bytes)
    }
}
