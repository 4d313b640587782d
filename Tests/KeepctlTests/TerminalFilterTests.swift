import Testing

@testable import keepctl

@Suite struct TerminalFilterTests {
    @Test(arguments: [
        ("plain\ttext\r\n", "plain\ttext\r\n"),
        ("\u{1b}[2J\u{7}\u{0}", #"\x1b[2J\x07\x00"#),
        ("secret\rpublic\r\r\n", #"secret\x0dpublic\x0d"# + "\r\n"),
        ("\u{7f}\u{8}", #"\x7f\x08"#),
        ("\u{9b}2J", #"\x9b2J"#),
        ("grün ©\u{a0}é 日本 😀", "grün ©\u{a0}é 日本 😀"),
    ])
    func `control characters are shown, wherever the stream is cut`(input: String, output: String) {
        let bytes = Array(input.utf8)
        for length in 1...bytes.count {
            var filter = TerminalFilter()
            var shown: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: length) {
                shown += filter.filter(Array(bytes[start..<min(start + length, bytes.count)]))
            }
            #expect(String(decoding: shown, as: UTF8.self) == output, "pieces of \(length)")
        }
    }

    @Test func `bytes that are no UTF-8 pass as they are`() {
        var filter = TerminalFilter()
        #expect(filter.filter([0x66, 0xff, 0x9b, 0xc2, 0x41]) == [0x66, 0xff, 0x9b, 0xc2, 0x41])
    }
}
