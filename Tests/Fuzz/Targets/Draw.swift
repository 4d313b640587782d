/// Small numbers from the beginning of an input, and what is left of it.
struct Draw {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// 0 where nothing is left.
    mutating func byte() -> Int { Int(rest.popFirst() ?? 0) }

    /// At least 1.
    mutating func count() -> Int { byte() + 1 }

    mutating func flag() -> Bool { byte() & 1 == 1 }
}

extension ArraySlice<UInt8> {
    /// All of it, in pieces of one size.
    func pieces(of size: Int) -> [[UInt8]] {
        stride(from: startIndex, to: endIndex, by: size).map {
            Array(self[$0..<Swift.min($0 + size, endIndex)])
        }
    }
}
