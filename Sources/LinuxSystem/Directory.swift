internal import CLinux
internal import Glibc
public import SystemPackage

/// A directory that is open, and the files in it by their names.
///
/// What happens to the path meanwhile does not matter: a name means an entry of this directory, and
/// a symbolic link in the place of a file is never followed.
///
/// Source: openat(2).
public struct Directory: ~Copyable {
    private let fd: OwnedFD

    /// - Parameters:
    ///   - path: Absolute.
    ///   - root: Out of which no symbolic link below it may lead, where `path` is in it.
    /// - Throws: `.improperLink` where one does.
    ///
    /// Source: openat2(2), `RESOLVE_BENEATH`, Linux 5.6.
    public init(_ path: String, beneath root: String? = nil) throws(Errno) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        guard let root, let inner = Directory.relative(path, to: root) else {
            fd = OwnedFD(adopting: try syscall { open(path, flags) })
            return
        }
        let base = OwnedFD(adopting: try syscall { open(root, flags) })
        let raw = base.raw
        fd = OwnedFD(adopting: try syscall { clinux_open_beneath(raw, inner, flags) })
    }

    private static func relative(_ path: String, to root: String) -> String? {
        if path == root { return "." }
        let prefix = root.hasSuffix("/") ? root : "\(root)/"
        guard path.hasPrefix(prefix) else { return nil }
        return "./\(path.dropFirst(prefix.count))"
    }

    /// Opens a directory, and makes it and those above it that are missing.
    ///
    /// - Parameter mode: Permission bits of those that are made.
    public static func make(
        _ path: String,
        beneath root: String? = nil,
        mode: UInt32
    ) throws(Errno) -> Directory {
        do {
            return try Directory(path, beneath: root)
        } catch .noSuchFileOrDirectory {
            guard let slash = path.lastIndex(of: "/"), path.count > 1 else {
                throw .noSuchFileOrDirectory
            }
            let parent = slash == path.startIndex ? "/" : String(path[..<slash])
            let directory = try make(parent, beneath: root, mode: mode)
            let (raw, name) = (directory.fd.raw, String(path[path.index(after: slash)...]))
            do {
                try syscall { mkdirat(raw, name, mode) }
            } catch .fileExists {
                // Somebody else was faster.
            }
            return try Directory(path, beneath: root)
        }
    }

    /// Opens a file for reading, and for writing at its end.
    ///
    /// Never waits: not for the other end of a FIFO either, which is opened for writing alone.
    ///
    /// - Parameter mode: Permission bits of a file that has to be made and must not be there; `nil`
    ///   for one that is there.
    /// - Throws: `.tooManySymbolicLinkLevels` where it is a symbolic link; `.noSuchAddressOrDevice`
    ///   for a FIFO that nobody reads.
    public func openForAppending(
        _ name: String,
        making mode: UInt32? = nil
    ) throws(Errno) -> OwnedFD {
        let raw = fd.raw
        let status = mode == nil ? try status(of: name) : nil
        let isFIFO = status?.kind == .fifo
        let flags =
            (isFIFO ? O_WRONLY : O_RDWR) | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK
            | (mode == nil ? 0 : O_CREAT | O_EXCL)
        let file = OwnedFD(adopting: try syscall { openat(raw, name, flags, mode ?? 0) })
        // Whatever the umask.
        if let mode { try file.setMode(mode) }
        return file
    }

    /// - Throws: `.tooManySymbolicLinkLevels` where it is a symbolic link.
    public func openForReading(_ name: String) throws(Errno) -> OwnedFD {
        let raw = fd.raw
        let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK
        return OwnedFD(adopting: try syscall { openat(raw, name, flags) })
    }

    public func rename(_ name: String, to other: String) throws(Errno) {
        let raw = fd.raw
        try syscall { renameat(raw, name, raw, other) }
    }

    public func remove(_ name: String) throws(Errno) {
        let raw = fd.raw
        try syscall { unlinkat(raw, name, 0) }
    }

    /// Has the disk take what was renamed and removed.
    ///
    /// Source: fsync(2), "does not necessarily ensure that the entry in the directory".
    public func synchronize() throws(Errno) {
        try fd.synchronize()
    }

    /// `nil` if there is no such entry.
    public func status(of name: String) throws(Errno) -> FileStatus? {
        let raw = fd.raw
        var status = stat()
        do {
            try syscall { fstatat(raw, name, &status, AT_SYMLINK_NOFOLLOW) }
        } catch .noSuchFileOrDirectory {
            return nil
        }
        return FileStatus(status)
    }

    /// The names of all entries that begin so, in no order.
    ///
    /// Source: readdir(3).
    public func names(beginningWith prefix: String) throws(Errno) -> [String] {
        let raw = fd.raw
        // Takes the descriptor over, and its place in the directory.
        let own = OwnedFD(
            adopting: try syscall { openat(raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        )
        guard let stream = fdopendir(own.raw) else { throw Errno(rawValue: errno) }
        _ = own.release()
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(prefix) { names.append(name) }
        }
        return names
    }
}
