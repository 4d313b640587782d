import Supervision
import SystemTypes

/// Damages a text at random: what a tired user may write, and what a hostile one may.
enum Mutation {
    private static let alphabet =
        Array("{}[]\",:\\/*u0d8-.e$\n \u{1}é\u{feff}😀".utf8) + [0xff, 0xc3]

    static func of(_ text: [UInt8], using random: inout SplitMix64) -> [UInt8] {
        var bytes = text
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<9, using: &random) {
            case 0, 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2, 3: bytes.remove(at: place)
            case 4, 5: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
            case 6, 7: bytes.insert(contentsOf: bytes[place...].prefix(8), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }
}
