import Supervision
import SystemTypes
import Testing

@Suite struct LedgerRecordTests {
    /// A record in memory of its own.
    private struct Page {
        var bytes = [UInt8](repeating: 0, count: LedgerRecord.size)

        var record: LedgerRecord { LedgerRecord(in: bytes.span.bytes) }

        mutating func write(_ words: LedgerRecord.Words) {
            var record = record
            bytes.withUnsafeMutableBytes { buffer in
                var span = buffer.mutableBytes
                record.write(words, to: &span)
            }
        }
    }

    private func words(_ seed: UInt64) -> LedgerRecord.Words {
        LedgerRecord.Words { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 ^ seed }
    }

    private func isEqual(_ words: LedgerRecord.Words?, _ other: LedgerRecord.Words?) -> Bool {
        guard let words, let other else { return words == nil && other == nil }
        return words.indices.allSatisfy { words[$0] == other[$0] }
    }

    @Test func `a record that was never written says nothing`() {
        #expect(Page().record.words == nil)
    }

    @Test func `what was last written is what is read`() {
        var page = Page()
        for seed in UInt64(1)...9 {
            page.write(words(seed))
            #expect(isEqual(page.record.words, words(seed)))
        }
    }

    @Test(arguments: 0..<4)
    func `a write that stops at any byte leaves the version before it`(versions: Int) {
        var page = Page()
        for seed in 0..<UInt64(versions) { page.write(words(seed)) }
        let before = page
        var after = page
        after.write(words(99))
        let changed = page.bytes.indices.filter { before.bytes[$0] != after.bytes[$0] }
        for stop in changed {
            page = before
            for index in changed where index < stop { page.bytes[index] = after.bytes[index] }
            #expect(isEqual(page.record.words, before.record.words), "stopped at byte \(stop)")
        }
        #expect(isEqual(after.record.words, words(99)))
    }

    @Test func `a byte that is another is noticed, and the other version counts`() {
        var page = Page()
        page.write(words(1))
        page.write(words(2))
        for index in page.bytes.indices {
            var damaged = page
            damaged.bytes[index] ^= 1 << UInt8(index % 8)
            let read = damaged.record.words
            #expect(isEqual(read, words(1)) || isEqual(read, words(2)), "byte \(index)")
        }
    }

    @Test func `noise is nothing`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<1_000 {
            var page = Page()
            for index in page.bytes.indices { page.bytes[index] = random.next() }
            #expect(page.record.words == nil)
        }
    }
}
