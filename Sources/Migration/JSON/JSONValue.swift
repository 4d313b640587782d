/// JSON for people to read on: members keep their order, and short things stay on one line.
enum JSONValue: Equatable, Sendable {
    case string(String)
    case number(Int)
    case boolean(Bool)
    case null
    case array([JSONValue])
    case object([Member])

    struct Member: Equatable, Sendable {
        let key: String
        let value: JSONValue
    }

    /// Only those members that have a value.
    static func members(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }

    /// `nil` in place of an object without members.
    var unlessEmpty: JSONValue? {
        self == .object([]) ? nil : self
    }

    var text: String { text(indentation: "") }

    private func text(indentation: String) -> String {
        guard case .object(let members) = self, !isShort else { return line }
        let inner = indentation + "  "
        let lines = members.map { member in
            "\(inner)\(JSONValue.quoted(member.key)): \(member.value.text(indentation: inner))"
        }
        return "{\n\(lines.joined(separator: ",\n"))\n\(indentation)}"
    }

    private static let lineMax = 72

    /// Whether it is an object of plain values that fits on a line.
    private var isShort: Bool {
        guard case .object(let members) = self else { return true }
        let isFlat = members.allSatisfy { member in
            if case .object = member.value { return false }
            return true
        }
        return isFlat && line.count <= JSONValue.lineMax
    }

    private var line: String {
        switch self {
        case .string(let text): JSONValue.quoted(text)
        case .number(let number): "\(number)"
        case .boolean(let value): "\(value)"
        case .null: "null"
        case .array(let values): "[\(values.map(\.line).joined(separator: ", "))]"
        case .object(let members):
            "{\(members.map { "\(JSONValue.quoted($0.key)): \($0.value.line)" }.joined(separator: ", "))}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
