internal import CLinux
internal import Glibc
public import SystemPackage

/// Files that are nowhere but in memory, for a process that comes after this one.
///
/// Source: `memfd_create(2)`, Linux 3.17.
public enum MemoryFile {
    /// Makes one that is close-on-exec and empty.
    ///
    /// - Parameter name: Seen in /proc and nowhere else.
    public static func make(_ name: String) throws(Errno) -> OwnedFD {
        OwnedFD(adopting: try syscall { clinux_memory_file(name) })
    }

    /// Makes one that holds `bytes`, and that nobody can change any more.
    ///
    /// Source: fcntl(2), `F_ADD_SEALS`.
    public static func make(_ name: String, sealed bytes: [UInt8]) throws(Errno) -> OwnedFD {
        let file = try make(name)
        let raw = file.raw
        try bytes.span.bytes.withUnsafeBytes { (bytes) throws(Errno) in try file.writeAll(bytes) }
        try syscall { clinux_seal(raw) }
        return file
    }

    /// Reads one from its beginning, wherever others have come to in it.
    public static func content(of file: borrowing OwnedFD) throws(Errno) -> [UInt8] {
        let size = try file.status.size
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
        defer { buffer.deallocate() }
        let count = try file.read(into: buffer, at: 0)
        return Array(buffer[..<count])
    }
}
