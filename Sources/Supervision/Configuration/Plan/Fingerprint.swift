/// A short name for a text, the same wherever and whenever it is made.
enum Fingerprint {
    /// It tells apart what happens to differ; it does not withstand somebody who looks for twins.
    ///
    /// Source: FNV-1a with 64 bits, RFC 9923.
    static func of(_ text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
