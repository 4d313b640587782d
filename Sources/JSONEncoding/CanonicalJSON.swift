/// JSON text in UTF-8, on one line, its keys in alphabetic order.
public enum CanonicalJSON {
    /// - Precondition: No part of the value refuses to be encoded, and no number in it is infinite.
    public static func encode(_ value: some Encodable) -> [UInt8] {
        let text = JSONText()
        do {
            try text.write(value)
            return text.bytes
        } catch {
            preconditionFailure("\(type(of: value)) has no JSON: \(error)")
        }
    }
}
