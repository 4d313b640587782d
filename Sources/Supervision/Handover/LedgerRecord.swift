/// Where one thing is written down so that it survives whoever writes it, at any instruction.
///
/// It has two places, and each new version goes where the older one is. Words are written one after
/// the other, and whoever is killed in between leaves a place whose checksum is wrong: then the
/// other one counts, which was right before and has not been touched.
///
/// Source: as the two superblocks of a file system; memory that processes share has no other way.
public struct LedgerRecord {
    /// What is written down, in words of which each kind of content has its own idea.
    public typealias Words = InlineArray<28, UInt64>

    private static let wordCount = 28
    /// The number of the version and the checksum come first.
    private static let placeSize = (2 + wordCount) * MemoryLayout<UInt64>.size
    /// In bytes.
    public static let size = 2 * placeSize

    /// The newest version that is whole.
    private var current: (version: UInt64, words: Words)?

    /// Reads what is there; all zeros are a record that was never written.
    public init(in bytes: RawSpan) {
        let first = LedgerRecord.place(0, of: bytes)
        let second = LedgerRecord.place(1, of: bytes)
        current =
            switch (first, second) {
            case (let first?, let second?): first.version > second.version ? first : second
            case (let place?, nil), (nil, let place?): place
            case (nil, nil): nil
            }
    }

    /// `nil` where nothing was written, or nothing that can be read.
    public var words: Words? { current?.words }

    public mutating func write(_ words: Words, to bytes: inout MutableRawSpan) {
        let version = (current?.version ?? 0) + 1
        var offset = Int(version % 2) * LedgerRecord.placeSize
        func put(_ word: UInt64, _ bytes: inout MutableRawSpan) {
            bytes.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
            offset += MemoryLayout<UInt64>.size
        }
        put(version, &bytes)
        put(LedgerRecord.checksum(version, words), &bytes)
        for index in words.indices { put(words[index], &bytes) }
        current = (version, words)
    }

    private static func place(_ number: Int, of bytes: RawSpan) -> (version: UInt64, words: Words)?
    {
        let start = number * placeSize
        func word(_ index: Int) -> UInt64 {
            bytes.unsafeLoadUnaligned(
                fromByteOffset: start + index * MemoryLayout<UInt64>.size,
                as: UInt64.self
            )
        }
        let version = word(0)
        let words = Words { word(2 + $0) }
        guard version % 2 == UInt64(number), word(1) == checksum(version, words) else { return nil }
        return (version, words)
    }

    /// Each step can be undone, so that one word that is another makes another sum.
    private static func checksum(_ version: UInt64, _ words: Words) -> UInt64 {
        var sum: UInt64 = 0x6B65_6570_645F_6C67 ^ version
        for index in words.indices {
            sum = (sum ^ words[index]) &* 0x9E37_79B9_7F4A_7C15
            sum ^= sum >> 29
        }
        return sum
    }
}
