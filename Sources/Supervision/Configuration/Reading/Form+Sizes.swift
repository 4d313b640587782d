extension Form where Value == Int {
    /// Bytes: `10MB`, `1.5GiB`, or a number of bytes.
    static func size(atLeast min: Int = 0) -> Form {
        Form { value throws(Objection) in
            switch value.json.content {
            case .number:
                return try integer(in: min...Int.max).read(value)
            case .string:
                let text = try Form<String>.string.read(value)
                guard let bytes = bytes(text) else { throw Objection(text, .expected(.size)) }
                guard let size = Int(exactly: bytes.rounded()), size >= min else {
                    throw Objection(text, .outOfRange(min: String(min), max: String(Int.max)))
                }
                return size
            case .null, .boolean, .array, .object:
                throw Objection(.expected(.size))
            }
        }
    }

    private static func bytes(_ text: String) -> Double? {
        let number = text.prefix { $0.isNumber || $0 == "." }
        guard let unit = units[String(text.dropFirst(number.count))] else { return nil }
        return number.asPlainNumber.map { $0 * unit }
    }

    private static let units: [String: Double] = [
        "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 0x1p10,
        "MiB": 0x1p20, "GiB": 0x1p30, "TiB": 0x1p40,
    ]
}

extension Substring {
    /// Digits, or digits with a point between them.
    var asPlainNumber: Double? {
        let parts = split(separator: ".", omittingEmptySubsequences: false)
        let areDigits = parts.allSatisfy { part in
            !part.isEmpty && part.unicodeScalars.allSatisfy(\.isDigit)
        }
        return areDigits && parts.count <= 2 ? Double(self) : nil
    }
}
