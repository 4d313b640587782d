/// Encodes values as text at once.
struct JSONWriter: Encoder {
    let text: JSONText

    // Nothing here fails, so nobody asks where.
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(JSONObjectWriter(text))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { JSONArrayWriter(text) }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension JSONWriter: SingleValueEncodingContainer {
    func encodeNil() { text.writeNull() }
    func encode(_ value: Bool) { text.write(value) }
    func encode(_ value: String) { text.write(value) }
    func encode(_ value: Double) { text.write(value) }
    func encode(_ value: Float) { text.write(Double(value)) }
    func encode(_ value: some FixedWidthInteger & Encodable) { text.write(value) }
    func encode(_ value: some Encodable) throws { try text.write(value) }
}

private struct JSONObjectWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let text: JSONText
    let depth: Int
    var codingPath: [any CodingKey] { [] }

    init(_ text: JSONText) {
        text.begin(object: true)
        self.text = text
        depth = text.depth
    }

    private func begin(_ key: some CodingKey) { text.beginMember(key.stringValue, at: depth) }

    func encodeNil(forKey key: Key) {
        begin(key)
        text.writeNull()
    }

    func encode(_ value: Bool, forKey key: Key) {
        begin(key)
        text.write(value)
    }

    func encode(_ value: String, forKey key: Key) {
        begin(key)
        text.write(value)
    }

    func encode(_ value: Double, forKey key: Key) {
        begin(key)
        text.write(value)
    }

    func encode(_ value: some FixedWidthInteger & Encodable, forKey key: Key) {
        begin(key)
        text.write(value)
    }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        begin(key)
        try text.write(value)
    }

    func nestedContainer<Nested>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        begin(key)
        return KeyedEncodingContainer(JSONObjectWriter<Nested>(text))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        begin(key)
        return JSONArrayWriter(text)
    }

    func superEncoder() -> any Encoder {
        text.beginMember("super", at: depth)
        return JSONWriter(text: text)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        begin(key)
        return JSONWriter(text: text)
    }
}

private struct JSONArrayWriter: UnkeyedEncodingContainer {
    let text: JSONText
    let depth: Int
    private(set) var count = 0
    var codingPath: [any CodingKey] { [] }

    init(_ text: JSONText) {
        text.begin(object: false)
        self.text = text
        depth = text.depth
    }

    private mutating func begin() {
        text.beginElement(at: depth)
        count += 1
    }

    mutating func encodeNil() {
        begin()
        text.writeNull()
    }

    mutating func encode(_ value: some Encodable) throws {
        begin()
        try text.write(value)
    }

    mutating func nestedContainer<Nested>(
        keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
        begin()
        return KeyedEncodingContainer(JSONObjectWriter<Nested>(text))
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        begin()
        return JSONArrayWriter(text)
    }

    mutating func superEncoder() -> any Encoder {
        begin()
        return JSONWriter(text: text)
    }
}
