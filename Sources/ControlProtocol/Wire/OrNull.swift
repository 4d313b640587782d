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

extension OrNull: Codable {
    public init(from decoder: any Decoder) throws {
        wrappedValue = try Value(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        var field = encoder.singleValueContainer()
        try field.encode(wrappedValue)
    }
}

extension KeyedDecodingContainer {
    /// Stands in for what the compiler would call, which insists on a value.
    func decode<Value>(_ type: OrNull<Value>.Type, forKey key: Key) throws -> OrNull<Value> {
        try decodeIfPresent(type, forKey: key) ?? OrNull()
    }
}
