/// Reads a value out of a ``StateValue``; what that does not say is as in a template.
final class StateDecoder: Decoder {
    /// The templates of types that have been met.
    private final class Templates {
        var known: [ObjectIdentifier: StateValue] = [:]
    }

    fileprivate let value: StateValue
    /// Of the same type as ``value``.
    fileprivate let template: StateValue?
    private let templates: Templates
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    private init(
        _ value: StateValue,
        _ template: StateValue?,
        _ templates: Templates,
        at path: [any CodingKey]
    ) {
        self.value = value
        self.template = template
        self.templates = templates
        codingPath = path
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from value: StateValue) throws -> Value
    {
        try StateDecoder(value, nil, Templates(), at: []).decode(type)
    }

    fileprivate func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if let primitive = type as? any StatePrimitive.Type {
            guard let result = primitive.init(value) as? Value else { throw mismatch(type) }
            return result
        }
        guard template == nil, let templated = type as? any Templated.Type else {
            return try Value(from: self)
        }
        let template = try templates.known[ObjectIdentifier(type)] ?? templated.templateValue()
        templates.known[ObjectIdentifier(type)] = template
        return try Value(from: StateDecoder(value, template, templates, at: codingPath))
    }

    fileprivate func mismatch(_ type: Any.Type) -> DecodingError {
        .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "not a \(type)"))
    }

    /// What stands under a key, or would in the template.
    fileprivate func member(_ key: any CodingKey) throws -> StateDecoder {
        let inherited = template?[key.stringValue]
        guard let found = value[key.stringValue] ?? inherited else {
            let context = DecodingError.Context(
                codingPath: codingPath,
                debugDescription: "no \(key.stringValue)"
            )
            throw DecodingError.keyNotFound(key, context)
        }
        return StateDecoder(found, inherited, templates, at: codingPath + [key])
    }

    fileprivate func element(_ value: StateValue) -> StateDecoder {
        StateDecoder(value, nil, templates, at: codingPath)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw mismatch([String: Any].self) }
        return KeyedDecodingContainer(Keyed(decoder: self, keys: Array(members.keys)))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw mismatch([Any].self) }
        return Unkeyed(decoder: self, elements: elements)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }
}

extension Templated {
    fileprivate static func templateValue() throws -> StateValue {
        try StateText.value(of: StateText.encode(template))
    }
}

private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: StateDecoder
    let keys: [String]
    var codingPath: [any CodingKey] { decoder.codingPath }
    /// Those that are written: which case of an enumeration it is, no template can say.
    var allKeys: [Key] { keys.compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool {
        decoder.value[key.stringValue] != nil || decoder.template?[key.stringValue] != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder.member(key).value == .null }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder.member(key).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder.member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder.member(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder.member(key) }
}

private struct Unkeyed: UnkeyedDecodingContainer {
    let decoder: StateDecoder
    let elements: [StateValue]
    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }
    private(set) var currentIndex = 0

    init(decoder: StateDecoder, elements: [StateValue]) {
        (self.decoder, self.elements) = (decoder, elements)
    }

    mutating func decodeNil() -> Bool {
        guard !isAtEnd, elements[currentIndex] == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try superDecoder().decode(type)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try superDecoder().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try superDecoder().unkeyedContainer()
    }

    private mutating func superDecoder() throws -> StateDecoder {
        guard !isAtEnd else { throw decoder.mismatch([Any].self) }
        defer { currentIndex += 1 }
        return decoder.element(elements[currentIndex])
    }

    mutating func superDecoder() throws -> any Decoder { try superDecoder() as StateDecoder }
}

private struct Single: SingleValueDecodingContainer {
    let decoder: StateDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.value == .null }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.decode(type) }
}
