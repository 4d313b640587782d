import SystemTypes
import Testing

@testable import Supervision

@Suite struct JSONParserFuzzTests {
    /// All of the grammar, and short, so that each byte gets its turn.
    private static let text = Array(
        #"{"a":[1,-2.5e3,"\ud83d\ude00\n",/* c */true],"é":{"b":null,},}// 😀"#.utf8
    )

    @Test(arguments: UInt64(0)..<8)
    func `no bytes make the parser trap or run on, and each error lies within them`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var accepted = 0
        for _ in 0..<500 {
            let bytes = Mutation.of(JSONParserFuzzTests.text, using: &random)
            do {
                _ = try JSONParser.parse(bytes, file: "f")
                accepted += 1
            } catch {
                #expect((1...bytes.count + 1).contains(error.position.line))
                #expect((1...bytes.count + 1).contains(error.position.column))
            }
        }
        // Otherwise the mutations are too wild to get past the first few bytes.
        #expect((10..<490).contains(accepted))
    }
}
