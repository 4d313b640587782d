/// Turns a value into a ``StateValue``.
final class StateEncoder: Encoder {
    /// A part that may still grow.
    fileprivate enum Part {
        case value(StateValue)
        case list([StateEncoder])
        case members([String: StateEncoder])
    }

    fileprivate var part = Part.value(.null)
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    private init(at path: [any CodingKey]) {
        codingPath = path
    }

    static func value(of value: some Encodable) throws -> StateValue {
        let encoder = StateEncoder(at: [])
        try encoder.fill(value)
        return encoder.value
    }

    private var value: StateValue {
        switch part {
        case .value(let value): value
        case .list(let elements): .array(elements.map(\.value))
        case .members(let members): .object(members.mapValues(\.value))
        }
    }

    fileprivate func fill(_ value: some Encodable) throws {
        if let primitive = value as? any StatePrimitive {
            part = .value(primitive.stateValue)
        } else {
            try value.encode(to: self)
        }
    }

    fileprivate func member(_ key: any CodingKey) -> StateEncoder {
        let encoder = StateEncoder(at: codingPath + [key])
        if case .members(var members) = part {
            part = .value(.null)
            members[key.stringValue] = encoder
            part = .members(members)
        } else {
            part = .members([key.stringValue: encoder])
        }
        return encoder
    }

    fileprivate var count: Int {
        if case .list(let elements) = part { elements.count } else { 0 }
    }

    fileprivate func element() -> StateEncoder {
        let encoder = StateEncoder(at: codingPath)
        if case .list(var elements) = part {
            part = .value(.null)
            elements.append(encoder)
            part = .list(elements)
        } else {
            part = .list([encoder])
        }
        return encoder
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        // Also what has no members is an object.
        if case .members = part {} else { part = .members([:]) }
        return KeyedEncodingContainer(Keyed(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .list = part {} else { part = .list([]) }
        return Unkeyed(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }
}

private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: StateEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil(forKey key: Key) { encoder.member(key).part = .value(.null) }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        try encoder.member(key).fill(value)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoder.member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder.member(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { preconditionFailure("no class is encoded") }
    func superEncoder(forKey key: Key) -> any Encoder { encoder.member(key) }
}

private struct Unkeyed: UnkeyedEncodingContainer {
    let encoder: StateEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.count }

    func encodeNil() { encoder.element().part = .value(.null) }
    func encode<Value: Encodable>(_ value: Value) throws { try encoder.element().fill(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
        encoder.element().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        encoder.element().unkeyedContainer()
    }

    func superEncoder() -> any Encoder { encoder.element() }
}

private struct Single: SingleValueEncodingContainer {
    let encoder: StateEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() { encoder.part = .value(.null) }
    func encode<Value: Encodable>(_ value: Value) throws { try encoder.fill(value) }
}
