/// A value as JSON has it; the form in which a state is read.
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
}

/// What is written without any structure of its own.
protocol StatePrimitive {
    init?(_ value: StateValue)
}

extension Bool: StatePrimitive {
    init?(_ value: StateValue) {
        guard case .boolean(let value) = value else { return nil }
        self = value
    }
}

extension String: StatePrimitive {
    init?(_ value: StateValue) {
        guard case .string(let text) = value else { return nil }
        self = text
    }
}

extension StatePrimitive where Self: LosslessStringConvertible {
    /// From a number.
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
