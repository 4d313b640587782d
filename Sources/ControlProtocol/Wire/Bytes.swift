internal import FoundationEssentials

/// Bytes that are text if they are UTF-8, and else base64.
enum Bytes {
    static func encode(_ bytes: [UInt8]) -> (text: String?, base64: String?) {
        if let text = String(validating: bytes, as: UTF8.self) { return (text, nil) }
        return (nil, Data(bytes).base64EncodedString())
    }

    /// - Returns: `nil` where there is neither, or what is there is no base64.
    static func decode(text: String?, base64: String?) -> [UInt8]? {
        if let text { return Array(text.utf8) }
        return base64.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
    }
}
