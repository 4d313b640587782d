internal import Glibc
public import SystemPackage

extension Files {
    /// Makes `bytes` the content of a file, so that whoever opens it, even after a power failure,
    /// finds either what was there before or all that is new.
    ///
    /// Uses the name with `.new` at its end for a moment; returns when the disk has it all.
    ///
    /// - Parameter path: Absolute.
    ///
    /// Source: rename(2), fsync(2), "does not necessarily ensure that the entry in the directory".
    public static func replace(_ path: String, with bytes: [UInt8], mode: UInt32) throws(Errno) {
        let draft = path + ".new"
        do {
            try write(bytes, to: draft, mode: mode)
            try syscall { rename(draft, path) }
        } catch {
            try? remove(draft)
            throw error
        }
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let directory = try openForReading(parent.isEmpty ? "/" : parent)
        let raw = directory.raw
        try syscall { fsync(raw) }
    }

    private static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws(Errno) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY
        let file = OwnedFD(adopting: try syscall { open(path, flags, mode) })
        var written = 0
        while written < bytes.count {
            let rest = bytes.span.bytes.extracting(written...)
            let count = try rest.withUnsafeBytes { bytes throws(Errno) -> Int? in
                try file.write(bytes)
            }
            written += count ?? 0
        }
        let raw = file.raw
        try syscall { fsync(raw) }
    }
}
