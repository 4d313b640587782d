import SystemTypes
import Testing

@testable import Supervision

@Suite struct LineStamperTests {
    private func stamped(_ pieces: [String]) -> String {
        var (stamper, output) = (LineStamper(), [UInt8]())
        for (index, piece) in pieces.enumerated() {
            let bytes = Array(piece.utf8)
            stamper.append(bytes.span.bytes, stamp: Array("\(index)> ".utf8), to: &output)
        }
        stamper.finish(to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `each line has the stamp of the time at which it began`() {
        #expect(stamped(["a\nb\n", "c\n"]) == "0> a\n0> b\n1> c\n")
        #expect(stamped(["a\nb", "b", "b\nc\n"]) == "0> a\n0> bbb\n2> c\n")
        #expect(stamped(["\n\n", "a"]) == "0> \n0> \n1> a\n")
    }

    @Test func `a line that never ends is ended when the run is over`() {
        #expect(stamped(["a"]) == "0> a\n")
        #expect(stamped(["a\n"]) == "0> a\n")
        #expect(stamped([]) == "")
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z "),
        (1_795_387_201_123_456_789, "2026-11-22T22:40:01.123456Z "),
        (1_709_164_799_999_999_999, "2024-02-28T23:59:59.999999Z "),
        (1_709_164_800_000_000_000, "2024-02-29T00:00:00.000000Z "),
        (-1_000, "1969-12-31T23:59:59.999999Z "),
    ])
    func `a stamp is a date, a time and microseconds`(nanoseconds: Int64, text: String) {
        var stamp = LineStamp()
        stamp.set(WallTime(nanoseconds: 5))
        stamp.set(WallTime(nanoseconds: nanoseconds))
        #expect(String(decoding: stamp.bytes, as: UTF8.self) == text)
        #expect(stamp.bytes.count == LineStamp.length)
        let time = LineStamp.time(of: stamp.bytes + Array("a line".utf8))
        #expect(time?.nanoseconds == nanoseconds - (nanoseconds % 1_000 + 1_000) % 1_000)
    }

    @Test(arguments: [
        "", "2026-11-22T22:40:01.123456Z", "2026-11-22 22:40:01.123456Z a",
        "2026-13-22T22:40:01.123456Z a", "9999-01-01T00:00:00.000000Z a",
        "2026-11-22T22:40:01.12345xZ a",
    ])
    func `what is no stamp is not taken for one`(line: String) {
        #expect(LineStamp.time(of: Array(line.utf8)) == nil)
    }

    @Test(arguments: UInt64(0)..<100)
    func `newlines are found and counted wherever they are`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let bytes = (0..<Int.random(in: 0...40_000, using: &random)).map { _ -> UInt8 in
            let kind = Int.random(in: 0..<(seed % 2 == 0 ? 2 : 50), using: &random)
            // Their neighbours are what a trick with eight at a time goes wrong with.
            return kind == 0 ? 10 : [9, 11, 0, 0x8a, 0xff, 97].randomElement(using: &random) ?? 0
        }
        let places = bytes.indices.filter { bytes[$0] == 10 }
        #expect(bytes.span.bytes.newlineCount == places.count)
        #expect(bytes.span.bytes.lastNewline == places.last)
        var (found, start): ([Int], Int) = ([], 0)
        while let place = bytes.span.bytes.newline(from: start) {
            found.append(place)
            start = place + 1
        }
        #expect(found == places)
    }
}
