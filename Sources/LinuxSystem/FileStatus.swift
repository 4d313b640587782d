internal import Glibc
public import SystemPackage
public import SystemTypes

/// What the kernel says about a file.
///
/// Source: inode(7).
public struct FileStatus: Equatable, Sendable {
    public enum Kind: Sendable {
        case regular, directory, symbolicLink, fifo, other
    }

    /// The same for two names of one file, and for no two files at a time.
    public struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    public let identity: Identity
    public let kind: Kind
    /// In bytes.
    public let size: Int
    /// How many names it has; 0 for one that has been removed.
    public let links: Int
    /// When it was last written to.
    public let modified: WallTime

    init(_ status: stat) {
        identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFIFO: .fifo
            default: .other
            }
        size = Int(status.st_size)
        links = Int(status.st_nlink)
        modified = WallTime(
            nanoseconds: Int64(status.st_mtim.tv_sec) * 1_000_000_000
                + Int64(status.st_mtim.tv_nsec)
        )
    }
}

extension Files {
    /// - Parameter followsLinks: Whether it is asked of what a symbolic link leads to.
    /// - Returns: `nil` if there is nothing, or nobody may know.
    public static func status(of path: String, followsLinks: Bool = false) -> FileStatus? {
        var status = stat()
        let flags = followsLinks ? 0 : AT_SYMLINK_NOFOLLOW
        return fstatat(AT_FDCWD, path, &status, flags) == 0 ? FileStatus(status) : nil
    }

    /// Where a path leads in the end; `nil` if that is nowhere.
    ///
    /// Source: realpath(3).
    public static func target(of path: String) -> String? {
        guard let target = realpath(path, nil) else { return nil }
        defer { free(target) }
        return String(cString: target)
    }

    /// Whether what is written to the descriptor goes to the journal.
    ///
    /// Source: systemd.exec(5), `JOURNAL_STREAM`.
    public static func isJournal(_ raw: CInt) -> Bool {
        var status = stat()
        guard let stream = ProcessEnvironment.variables["JOURNAL_STREAM"], fstat(raw, &status) == 0
        else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}

extension OwnedFD {
    /// Source: fstat(2).
    public var status: FileStatus {
        get throws(Errno) {
            let raw = raw
            var status = stat()
            try syscall { fstat(raw, &status) }
            return FileStatus(status)
        }
    }

    /// Gives what is open, a pipe too, to somebody; `nil` leaves what it is.
    ///
    /// Source: fchown(2).
    public func setOwner(user: UInt32?, group: UInt32?) throws(Errno) {
        let raw = raw
        try syscall { fchown(raw, user ?? ~0, group ?? ~0) }
    }

    /// Source: fchmod(2).
    public func setMode(_ mode: UInt32) throws(Errno) {
        let raw = raw
        try syscall { fchmod(raw, mode) }
    }

    /// Cuts the file off.
    ///
    /// Source: ftruncate(2).
    public func truncate(to size: Int = 0) throws(Errno) {
        let raw = raw
        try syscall { ftruncate(raw, size) }
    }

    /// Waits until the disk has it all.
    ///
    /// Source: fsync(2).
    public func synchronize() throws(Errno) {
        let raw = raw
        try syscall { fsync(raw) }
    }

    /// Sets when it was last written to.
    ///
    /// Source: futimens(3).
    public func setModified(_ time: WallTime) throws(Errno) {
        let raw = raw
        let time = timespec(
            tv_sec: Int(time.nanoseconds / 1_000_000_000),
            tv_nsec: Int(time.nanoseconds % 1_000_000_000)
        )
        // When it was last read, and when it was last written to.
        try syscall {
            withUnsafeBytes(of: (time, time)) {
                futimens(raw, $0.bindMemory(to: timespec.self).baseAddress)
            }
        }
    }

    /// Writes all of `bytes`.
    ///
    /// - Precondition: It blocks.
    public func writeAll(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        var rest = bytes[...]
        while !rest.isEmpty {
            rest = try rest.dropFirst(write(UnsafeRawBufferPointer(rebasing: rest)) ?? 0)
        }
    }
}
