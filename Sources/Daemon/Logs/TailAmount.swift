internal import LinuxSystem
internal import Supervision
internal import SystemPackage

/// How much of the end of a log is wanted.
enum TailAmount: Sendable {
    case lines(Int)
    case bytes(Int)

    /// A reply shall stay far below what a client has to accept as one message.
    static let bytesMax = 262_144

    /// The end of `bytes`.
    func cut(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .lines(let count):
            Array(bytes.suffix(TailAmount.bytesMax)).lastLines(count).map(\.self)
        case .bytes(let count): bytes.suffix(min(max(0, count), TailAmount.bytesMax))
        }
    }

    /// The end of a file; at most ``bytesMax``.
    func read(_ path: String) throws(Errno) -> [UInt8] {
        let file = try Files.openForReading(path)
        let size = try file.size
        let wanted =
            switch self {
            case .lines: TailAmount.bytesMax
            case .bytes(let count): min(max(0, count), TailAmount.bytesMax)
            }
        let length = min(size, wanted)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 1)
        defer { buffer.deallocate() }
        let count = try file.read(into: buffer, at: size - length)
        return cut(Array(buffer[..<count]))
    }
}
