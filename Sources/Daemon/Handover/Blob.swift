/// Bytes in a text, each as the character of its number: most of them are ASCII.
struct Blob: Codable, Equatable, Sendable {
    var bytes: [UInt8] = []

    init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    init(from decoder: any Decoder) throws {
        bytes = try String(from: decoder).unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    func encode(to encoder: any Encoder) throws {
        var text = String.UnicodeScalarView()
        text.reserveCapacity(bytes.count)
        for byte in bytes { text.append(Unicode.Scalar(byte)) }
        try String(text).encode(to: encoder)
    }
}
