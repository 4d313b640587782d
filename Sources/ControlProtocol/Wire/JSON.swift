internal import FoundationEssentials
internal import JSONEncoding

/// JSON text in UTF-8, on one line, its keys in alphabetic order.
public enum JSON {
    public static func encode(_ value: some Encodable) -> [UInt8] {
        CanonicalJSON.encode(value)
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from text: [UInt8]
    ) throws(DecodingError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text))
        } catch let error as DecodingError {
            throw error
        } catch {
            throw .dataCorrupted(.init(codingPath: [], debugDescription: "\(error)"))
        }
    }
}
