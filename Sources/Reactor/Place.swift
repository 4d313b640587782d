/// A line of source: where a callback was registered.
public struct Place: Hashable, Sendable, CustomStringConvertible {
    /// The address of the file's name above, the line in the lowest sixteen bits.
    ///
    /// One word for each call that waits. Addresses of programs have 48 bits on x86-64 and arm64,
    /// and names of files are literals, which stay where they are.
    let raw: UInt64

    /// As `Place(#fileID, #line)`.
    public init(_ file: StaticString, _ line: UInt) {
        raw = UInt64(UInt(bitPattern: file.utf8Start)) << 16 | UInt64(min(line, 0xFFFF))
    }

    init(raw: UInt64) {
        self.raw = raw
    }

    /// `Module/File.swift:12`.
    public var description: String {
        guard let name = UnsafePointer<CChar>(bitPattern: UInt(raw >> 16)) else { return "?" }
        return "\(String(cString: name)):\(raw & 0xFFFF)"
    }
}
