internal import JSONEncoding

/// Writes values for a daemon that may be older or newer, and reads what such a one has written.
///
/// It is JSON. What a reader does not know it passes over; what the writer did not know is as the
/// type's template has it, see ``Templated``.
public enum StateText {
    /// Why a text is not what it should be.
    public struct Unreadable: Error, CustomStringConvertible {
        public let description: String
    }

    public static func encode(_ value: some Encodable) -> [UInt8] {
        CanonicalJSON.encode(value)
    }

    public static func decode<Value: Decodable>(
        _ type: Value.Type,
        from text: [UInt8]
    ) throws(Unreadable) -> Value {
        do {
            return try StateDecoder.decode(type, from: value(of: text))
        } catch let error as DecodingError {
            throw Unreadable(description: sentence(error))
        } catch {
            throw Unreadable(description: "\(error)")
        }
    }

    static func value(of text: [UInt8]) throws(JSONSyntaxError) -> StateValue {
        StateValue(try JSONParser.parse(text, file: "state"))
    }

    private static func sentence(_ error: DecodingError) -> String {
        let context: DecodingError.Context
        switch error {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
            .dataCorrupted(let found):
            context = found
        @unknown default: return "\(error)"
        }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return "\(path): \(context.debugDescription)"
    }
}
