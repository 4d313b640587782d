import SystemTypes
import Testing

@testable import Supervision

/// Files with a limit, cut between lines.
@Suite struct LogCutTests {
    /// What is in the files, the oldest first, after those pieces have been written.
    private func files(_ pieces: [[UInt8]], sizeMax: Int) -> [[UInt8]] {
        var (cut, files): (LogCut, [[UInt8]]) = (LogCut(sizeMax: sizeMax), [[]])
        for piece in pieces {
            var rest = piece
            while !rest.isEmpty {
                switch cut.step(for: rest.span.bytes) {
                case .write(let count):
                    #expect(count > 0)
                    let part = Array(rest.prefix(count))
                    cut.wrote(part.span.bytes)
                    files[files.count - 1] += part
                    rest.removeFirst(count)
                case .rotate(let moved):
                    let end = Array(files[files.count - 1].suffix(moved))
                    files[files.count - 1].removeLast(moved)
                    #expect(!files[files.count - 1].isEmpty)
                    cut.rotated(moving: moved)
                    files.append(end)
                }
                #expect(cut.size == files.last?.count)
            }
        }
        return files
    }

    private func texts(_ pieces: String..., sizeMax: Int) -> [String] {
        files(pieces.map { Array($0.utf8) }, sizeMax: sizeMax)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `a file takes exactly as much as its limit`() {
        #expect(texts("abc\n", "def\n", "ghi\n", sizeMax: 8) == ["abc\ndef\n", "ghi\n"])
        #expect(texts("abc\ndef\nghi\n", sizeMax: 8) == ["abc\ndef\n", "ghi\n"])
    }

    @Test func `a line that does not fit begins the next file`() {
        #expect(texts("abc\ndefg\n", sizeMax: 8) == ["abc\n", "defg\n"])
    }

    @Test func `a line that has begun is moved to the next file`() {
        #expect(texts("abc\nde", "fg\n", sizeMax: 8) == ["abc\n", "defg\n"])
        #expect(texts("abc\ndef", "g", "\n", sizeMax: 8) == ["abc\n", "defg\n"])
    }

    @Test func `a line that is longer than a file is cut at the limit`() {
        #expect(texts("abcdefghijkl\n", sizeMax: 5) == ["abcde", "fghij", "kl\n"])
        #expect(texts("a\nbcdefgh", "i\n", sizeMax: 5) == ["a\n", "bcdef", "ghi\n"])
    }

    @Test func `a file that is too large already is followed by another`() {
        let cut = LogCut(sizeMax: 5, size: 9, lineStart: 9)
        #expect(cut.step(for: [UInt8(ascii: "x")].span.bytes) == .rotate(moving: 0))
        let unfinished = LogCut(sizeMax: 5, size: 9, lineStart: 7)
        #expect(unfinished.step(for: [UInt8(ascii: "x")].span.bytes) == .rotate(moving: 2))
    }

    @Test(arguments: UInt64(0)..<200)
    func `whatever comes, nothing is lost, no file is too large, and lines stay whole`(
        seed: UInt64
    ) {
        var random = SplitMix64(seed: seed)
        let sizeMax = Int.random(in: 1...60, using: &random)
        let pieces = (0..<40).map { _ in
            (0..<Int.random(in: 1...30, using: &random)).map { _ in
                let isEnd = Int.random(in: 0..<12, using: &random) == 0
                return isEnd ? UInt8(ascii: "\n") : UInt8.random(in: 97...122, using: &random)
            }
        }
        let files = files(pieces, sizeMax: sizeMax)
        #expect(Array(files.joined()) == Array(pieces.joined()))
        #expect(files.allSatisfy { $0.count <= sizeMax })
        for (file, next) in zip(files, files.dropFirst()) where file.last != UInt8(ascii: "\n") {
            // It is all of one line, and that goes on to be longer than a file.
            let line =
                file + (next.firstIndex(of: UInt8(ascii: "\n")).map { next[...$0] } ?? next[...])
            #expect(!file.contains(UInt8(ascii: "\n")) && line.count > sizeMax)
        }
    }
}
