extension RawSpan {
    /// Where the last newline is.
    public var lastNewline: Int? {
        withUnsafeBytes { $0.lastIndex(of: UInt8(ascii: "\n")) }
    }

    /// Where the first newline at or after `start` is.
    public func newline(from start: Int) -> Int? {
        withUnsafeBytes { bytes in
            var index = start
            // Eight at a time: a zero byte of `word` shows as a bit that a borrow has set.
            while index + 8 <= bytes.count {
                let word =
                    UInt64(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    ) ^ 0x0a0a_0a0a_0a0a_0a0a
                let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
                if zeros != 0 { return index + zeros.trailingZeroBitCount / 8 }
                index += 8
            }
            return bytes[index...].firstIndex(of: UInt8(ascii: "\n"))
        }
    }

    /// Whether there is something behind the last newline.
    public var endsWithinLine: Bool {
        withUnsafeBytes { $0.last.map { $0 != UInt8(ascii: "\n") } ?? false }
    }

    /// How many newlines there are.
    public var newlineCount: Int {
        withUnsafeBytes { bytes in
            var (count, index) = (0, 0)
            while index + 8 <= bytes.count {
                // Eight counters in a word, of which each can count to 255.
                var counters: UInt64 = 0
                let end = min(bytes.count - 7, index + 8 * 255)
                while index < end {
                    let word =
                        bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                        ^ 0x0a0a_0a0a_0a0a_0a0a
                    let low = (word & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7f7f_7f7f_7f7f_7f7f
                    counters &+= ~(low | word | 0x7f7f_7f7f_7f7f_7f7f) >> 7
                    index += 8
                }
                let pairs =
                    (counters & 0x00ff_00ff_00ff_00ff) + (counters >> 8 & 0x00ff_00ff_00ff_00ff)
                count += Int((pairs &* 0x0001_0001_0001_0001) >> 48)
            }
            for byte in bytes[index...] where byte == UInt8(ascii: "\n") { count += 1 }
            return count
        }
    }
}
