import SystemTypes
import Testing

@testable import Supervision

/// What is dropped when an output does not keep up.
@Suite struct DropGateTests {
    private var gate = DropGate()
    private var passed: [UInt8] = []

    private mutating func append(_ text: String, room: Int) -> DropGate.Loss {
        var passed: [UInt8] = []
        let loss = gate.append(Array(text.utf8).span.bytes, room: room) { bytes in
            passed += bytes.withUnsafeBytes { Array($0) }
        }
        self.passed += passed
        return loss
    }

    private mutating func resume() {
        var passed: [UInt8] = []
        gate.resume { bytes in passed += bytes.withUnsafeBytes { Array($0) } }
        self.passed += passed
    }

    private var text: String { String(decoding: passed, as: UTF8.self) }

    @Test mutating func `all is passed on while there is room`() {
        #expect(append("one\ntw", room: 6) == DropGate.Loss())
        #expect(append("o\n", room: 2) == DropGate.Loss())
        resume()
        #expect(text == "one\ntwo\n")
    }

    @Test mutating func `whole lines are dropped, and a line in their place says how many`() {
        #expect(append("one\ntwo\nthree\n", room: 9) == DropGate.Loss(bytes: 6, lines: 1))
        #expect(append("four\n", room: 0) == DropGate.Loss(bytes: 5, lines: 1))
        #expect(append("five\n", room: 100) == DropGate.Loss())
        #expect(text == "one\ntwo\nkeepd: 2 lines (11 bytes) dropped here\nfive\n")
    }

    @Test mutating func `what follows begins with a line of its own`() {
        _ = append("one\n", room: 0)
        #expect(append("tw", room: 0) == DropGate.Loss(bytes: 2, lines: 0))
        resume()
        #expect(text.isEmpty)
        #expect(append("o\nthree\n", room: 100) == DropGate.Loss(bytes: 2, lines: 1))
        #expect(text == "keepd: 2 lines (8 bytes) dropped here\nthree\n")
    }

    @Test mutating func `a line that was torn apart is ended before the marker`() {
        _ = append("on", room: 100)
        #expect(append("e\ntwo\n", room: 0) == DropGate.Loss(bytes: 6, lines: 2))
        resume()
        #expect(text == "on\nkeepd: 2 lines (6 bytes) dropped here\n")
    }

    @Test mutating func `the end of a run ends the last of its lines`() {
        _ = append("one", room: 0)
        resume()
        #expect(text.isEmpty)
        gate.endOfRun()
        resume()
        #expect(text == "keepd: 0 lines (3 bytes) dropped here\n")
    }

    @Test(arguments: UInt64(0)..<200)
    mutating func `every byte is passed on or counted`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var (loss, written) = (DropGate.Loss(), 0)
        for number in 0..<200 {
            let line = "\(number) " + String(repeating: "x", count: number % 17) + "\n"
            written += line.utf8.count
            let more = append(line, room: Int.random(in: 0...20, using: &random))
            loss = DropGate.Loss(bytes: loss.bytes + more.bytes, lines: loss.lines + more.lines)
        }
        gate.endOfRun()
        resume()
        let lines = text.split(separator: "\n")
        let markers = lines.filter { $0.hasPrefix("keepd: ") }
        let marked = markers.compactMap { $0.split(separator: " ").dropFirst().first }
            .compactMap { Int($0) }
        #expect(marked.reduce(0, +) == loss.lines)
        let kept = lines.filter { !$0.hasPrefix("keepd: ") }
        #expect(kept.count + loss.lines == 200)
        #expect(kept.reduce(0) { $0 + $1.utf8.count + 1 } + loss.bytes == written)
    }
}
