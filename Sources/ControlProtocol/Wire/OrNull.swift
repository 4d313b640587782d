/// A field of a message that is `null` where it has no value, and so is always there.
///
/// So one message shows what keys there are, and a client in any language may simply index them.
@propertyWrapper
public struct OrNull<Value: Codable & Equatable & Sendable>: Equatable, Sendable {
    public var wrappedValue: Value?

    public init() {
        wrappedValue = nil
    }

    public init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }
}

/// What the compiler asks of a field; in an object, the two methods below take the place of these.
extension OrNull: Codable {
    public init(from decoder: any Decoder) throws {
        wrappedValue = try Value(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try wrappedValue.encode(to: encoder)
    }
}

extension KeyedDecodingContainer {
    /// The compiler's own would insist on the key.
    func decode<Value>(_: OrNull<Value>.Type, forKey key: Key) throws -> OrNull<Value> {
        OrNull(wrappedValue: try decodeIfPresent(Value.self, forKey: key))
    }
}

extension KeyedEncodingContainer {
    /// An encoder for each field would cost two thirds more.
    mutating func encode<Value>(_ field: OrNull<Value>, forKey key: Key) throws {
        if let value = field.wrappedValue {
            try encode(value, forKey: key)
        } else {
            try encodeNil(forKey: key)
        }
    }
}
