/// The last bytes that a program wrote, up to a limit.
///
/// Takes no memory before the first byte comes.
public struct LogRing: Sendable {
    /// In bytes.
    public static let defaultCapacity = 16_384

    private let capacity: Int
    private var storage: [UInt8] = []
    /// Where the oldest byte is, once the ring is full.
    private var start = 0

    public init(capacity: Int = LogRing.defaultCapacity) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    public mutating func append(_ bytes: RawSpan) {
        bytes.extracting(last: capacity).withUnsafeBytes { bytes in
            let room = min(capacity - storage.count, bytes.count)
            storage.append(contentsOf: bytes[..<room])
            overwrite(with: bytes[room...])
        }
    }

    private mutating func overwrite(with bytes: Slice<UnsafeRawBufferPointer>) {
        var bytes = bytes
        while !bytes.isEmpty {
            let part = bytes.prefix(capacity - start)
            storage.withUnsafeMutableBytes { storage in
                UnsafeMutableRawBufferPointer(rebasing: storage[start...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
            }
            start = (start + part.count) % capacity
            bytes = bytes.dropFirst(part.count)
        }
    }

    /// Ends a line that has no end, for what follows does not belong to it.
    public mutating func endLine() {
        let last = start > 0 ? storage[start - 1] : storage.last
        guard let last, last != UInt8(ascii: "\n") else { return }
        append([UInt8(ascii: "\n")].span.bytes)
    }

    public mutating func removeAll() {
        storage = []
        start = 0
    }

    /// From the oldest to the newest.
    public var bytes: [UInt8] {
        Array(storage[start...] + storage[..<start])
    }
}

extension Array where Element == UInt8 {
    /// The last `count` lines; an unfinished one counts.
    public func lastLines(_ count: Int) -> ArraySlice<UInt8> {
        guard count > 0, !isEmpty else { return [] }
        var remaining = count
        // The newline that ends the last line is no beginning of another.
        for index in indices.dropLast().reversed() where self[index] == UInt8(ascii: "\n") {
            remaining -= 1
            if remaining == 0 { return self[(index + 1)...] }
        }
        return self[...]
    }
}
