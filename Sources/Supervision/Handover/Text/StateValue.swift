/// A value as JSON has it; the form in which a state is written and read.
enum StateValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    /// As it is written, so that nothing is lost.
    case number(String)
    case string(String)
    case array([StateValue])
    case object([String: StateValue])

    init(_ json: JSON) {
        switch json.content {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .number(let text): self = .number(text)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .array(elements.map(StateValue.init))
        case .object(let members):
            let pairs = members.map { ($0.key, StateValue($0.value)) }
            self = .object(Dictionary(pairs) { _, last in last })
        }
    }

    subscript(key: String) -> StateValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    /// Appends it as JSON, its keys in alphabetic order.
    func write(to text: inout [UInt8]) {
        switch self {
        case .null: text += "null".utf8
        case .boolean(let value): text += (value ? "true" : "false").utf8
        case .number(let digits): text += digits.utf8
        case .string(let string): StateValue.write(string, to: &text)
        case .array(let elements):
            text.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                element.write(to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .object(let members):
            text.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                StateValue.write(member.key, to: &text)
                text.append(UInt8(ascii: ":"))
                member.value.write(to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }

    /// Source: RFC 8259, 7.
    private static func write(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                text += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                text += "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8
            default:
                text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}

/// What is written without any structure of its own.
protocol StatePrimitive {
    var stateValue: StateValue { get }
    init?(_ value: StateValue)
}

extension Bool: StatePrimitive {
    var stateValue: StateValue { .boolean(self) }

    init?(_ value: StateValue) {
        guard case .boolean(let value) = value else { return nil }
        self = value
    }
}

extension String: StatePrimitive {
    var stateValue: StateValue { .string(self) }

    init?(_ value: StateValue) {
        guard case .string(let text) = value else { return nil }
        self = text
    }
}

extension StatePrimitive where Self: LosslessStringConvertible {
    /// Of a number.
    var stateValue: StateValue { .number(description) }

    init?(_ value: StateValue) {
        guard case .number(let text) = value else { return nil }
        self.init(text)
    }
}

extension Double: StatePrimitive {}
extension Int: StatePrimitive {}
extension Int8: StatePrimitive {}
extension Int32: StatePrimitive {}
extension Int64: StatePrimitive {}
extension UInt8: StatePrimitive {}
extension UInt16: StatePrimitive {}
extension UInt32: StatePrimitive {}
extension UInt64: StatePrimitive {}
