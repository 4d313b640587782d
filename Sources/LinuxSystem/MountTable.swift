public import SystemPackage

/// The file systems that this process sees, by where they are mounted.
///
/// To ask which one a path is on makes no call into that file system, which may be stuck. Symbolic
/// links are not looked at for that reason.
///
/// Source: proc(5), `/proc/pid/mountinfo`.
public struct MountTable: Sendable {
    /// The device, such as `8:1`, by mount point; what was mounted last on one counts.
    private var devices: [String: Substring] = [:]

    /// The present one.
    public init() throws(Errno) {
        let bytes = try Files.read("/proc/self/mountinfo", bytesMax: 16 << 20)
        self.init(text: String(decoding: bytes, as: UTF8.self))
    }

    init(text: String) {
        for line in text.split(separator: "\n") {
            // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
            let fields = line.split(separator: " ", maxSplits: 5)
            guard fields.count > 4 else { continue }
            devices[MountTable.unescaped(fields[4])] = fields[2]
        }
    }

    /// The device of the file system that holds `path`, which is absolute.
    public func device(of path: String) -> String {
        var path = path[...]
        while !path.isEmpty {
            if let device = devices[String(path)] { return String(device) }
            path = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        }
        return devices["/"].map(String.init) ?? ""
    }

    /// Spaces, tabs, newlines and backslashes are written as `\040`.
    private static func unescaped(_ field: Substring) -> String {
        var (bytes, rest) = ([UInt8](), field.utf8)
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let code = UInt8(String(Substring(digits)), radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
