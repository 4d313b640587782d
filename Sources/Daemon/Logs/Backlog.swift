internal import LinuxSystem
internal import SystemPackage

/// What a stream has read, and its output has not taken yet.
///
/// A disk can be full for hours. So there is a copy in memory that outlives the daemon, where somebody
/// keeps it: a daemon that is killed meanwhile loses nothing.
final class Backlog {
    /// Of the copy: before the bytes stands how many there are, and how many of those were taken.
    private static let headerSize = 8

    private var bytes: [UInt8] = []
    private var taken = 0
    private var copy: SharedMemory?
    /// Gives a descriptor of the copy, which it takes over, to whoever keeps it.
    private let keep: ((CInt) -> Void)?

    /// - Parameter keep: `nil` if nobody does; then there is no copy.
    init(keep: ((CInt) -> Void)?) {
        self.keep = keep
    }

    var isEmpty: Bool { bytes.isEmpty }

    var rest: ArraySlice<UInt8> { bytes[taken...] }

    func append(_ new: RawSpan) {
        new.withUnsafeBytes { bytes.append(contentsOf: $0) }
        guard keep != nil else { return }
        do {
            try write(new)
        } catch {
            // Without memory for it, it is as safe as all else that a daemon has in mind.
            copy = nil
        }
    }

    func removeFirst(_ count: Int) {
        taken += count
        guard taken == bytes.count else { return writeHeader() }
        (bytes, taken) = ([], 0)
        copy?.clear()
    }

    // MARK: - The copy

    private func write(_ new: RawSpan) throws(Errno) {
        let end = Backlog.headerSize + bytes.count
        let isFirst = copy == nil
        if isFirst {
            copy = try SharedMemory(name: "keepd-backlog", byteCount: end)
        } else if let size = copy?.bytes.count, size < end {
            try copy?.grow(to: 2 * end)
        }
        new.withUnsafeBytes { copy?.bytes[(end - $0.count)..<end].copyBytes(from: $0) }
        writeHeader()
        // Only now, for it may take the place of one in which all of them are.
        if isFirst, let raw = copy?.raw { keep?(try OwnedFD.duplicate(raw).release()) }
    }

    /// In one store, so that it is true whenever the daemon is killed.
    private func writeHeader() {
        let header = UInt64(taken) << 32 | UInt64(bytes.count)
        copy?.bytes.storeBytes(of: header, as: UInt64.self)
    }

    /// What a daemon that was killed has left in a copy.
    static func rest(in file: borrowing OwnedFD) throws(Errno) -> [UInt8] {
        let content = try MemoryFile.content(of: file)
        guard content.count >= headerSize else { return [] }
        let header = content.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
        let (taken, count) = (Int(header >> 32), Int(header & 0xFFFF_FFFF))
        guard taken <= count, count <= content.count - headerSize else { return [] }
        return Array(content[(headerSize + taken)..<(headerSize + count)])
    }
}
