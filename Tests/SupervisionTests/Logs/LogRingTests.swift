import Supervision
import Testing

@Suite struct LogRingTests {
    private func ring(_ pieces: [String]) -> LogRing {
        var ring = LogRing(capacity: 4)
        for piece in pieces { ring.append(Array(piece.utf8).span.bytes) }
        return ring
    }

    private func text(_ ring: LogRing) -> String { String(decoding: ring.bytes, as: UTF8.self) }

    @Test(arguments: [
        ([], ""), (["ab"], "ab"), (["abcd"], "abcd"), (["abc", "de"], "bcde"),
        (["abcdefghij", "k"], "hijk"), (["abcd", "ef", "ghi"], "fghi"),
    ])
    func `the last bytes are kept`(pieces: [String], kept: String) {
        #expect(text(ring(pieces)) == kept)
    }

    @Test(arguments: [
        ([], ""), (["ab"], "ab\n"), (["ab\n"], "ab\n"), (["abcd"], "bcd\n"),
        (["abc", "de"], "cde\n"), (["abc", "d\n"], "bcd\n"), (["\n", "abcd"], "bcd\n"),
    ])
    func `a line that has no end is ended, whatever has been overwritten`(
        pieces: [String],
        kept: String
    ) {
        var ring = ring(pieces)
        ring.endLine()
        ring.endLine()
        #expect(text(ring) == kept)
    }
}
