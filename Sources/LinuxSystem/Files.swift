internal import Glibc
public import SystemPackage
public import SystemTypes

/// Files by their paths.
public enum Files {
    /// Opens a file for writing at its end, and makes it if it is not there.
    ///
    /// - Throws: `.tooManySymbolicLinkLevels` where `path` is a symbolic link.
    ///
    /// Source: open(2), `O_APPEND`, `O_NOFOLLOW`.
    public static func openForAppending(_ path: String, mode: UInt32) throws(Errno) -> OwnedFD {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY
        return OwnedFD(adopting: try syscall { open(path, flags, mode) })
    }

    /// Opens a file for writing, and makes it if it is not there.
    ///
    /// - Parameter append: Whether each write goes to its end; if not, what it has is dropped.
    ///
    /// Source: open(2), `O_APPEND`, `O_TRUNC`.
    public static func openForWriting(_ path: String, append: Bool) throws(Errno) -> OwnedFD {
        let flags = O_WRONLY | (append ? O_APPEND : O_TRUNC) | O_CREAT | O_CLOEXEC | O_NOCTTY
        return OwnedFD(adopting: try syscall { open(path, flags, 0o666) })
    }

    public static func openForReading(_ path: String) throws(Errno) -> OwnedFD {
        OwnedFD(adopting: try syscall { open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) })
    }

    /// Opens a regular file, or nothing; waits for nobody, as one does who opens a FIFO.
    ///
    /// - Returns: `nil` where `path` is something else.
    public static func openRegular(_ path: String) throws(Errno) -> OwnedFD? {
        let flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        let file = OwnedFD(adopting: try syscall { open(path, flags) })
        let raw = file.raw
        var status = stat()
        try syscall { fstat(raw, &status) }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return file
    }

    /// Opens `/dev/null` for reading and writing.
    public static func openNull() throws(Errno) -> OwnedFD {
        OwnedFD(adopting: try syscall { open("/dev/null", O_RDWR | O_CLOEXEC) })
    }

    /// Opens `/dev/null` as each of 0, 1 and 2 that is closed, so that no other file ever becomes
    /// the standard output of somebody who does not know it.
    public static func fillStandardDescriptors() {
        for fd in CInt(0)...2 where fcntl(fd, F_GETFD) == -1 {
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// Reads a whole file of at most `bytesMax`.
    ///
    /// - Throws: `.fileTooLarge` beyond.
    public static func read(_ path: String, bytesMax: Int) throws(Errno) -> [UInt8] {
        try read(openForReading(path), bytesMax: bytesMax)
    }

    /// Reads what is left of a file, at most `bytesMax`.
    ///
    /// - Throws: `.fileTooLarge` beyond.
    public static func read(
        _ file: consuming OwnedFD,
        bytesMax: Int
    ) throws(Errno) -> [UInt8] {
        var content: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { chunk.deallocate() }
        while true {
            guard let count = try file.read(into: chunk), count > 0 else { return content }
            content.append(contentsOf: chunk[..<count])
            if content.count > bytesMax { throw .fileTooLarge }
        }
    }

    /// Permission bits; `nil` if there is no such file.
    public static func mode(of path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    /// What is at the end of a path, symbolic links not followed.
    public static func isSocket(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    /// Whether every user can get to what is in a directory, if its own permissions allow it.
    ///
    /// - Parameter directory: Absolute.
    public static func isOpenToAll(_ directory: String) -> Bool {
        var path = ""
        for part in directory.split(separator: "/") {
            path += "/\(part)"
            guard let mode = mode(of: path), mode & 0o001 != 0 else { return false }
        }
        return true
    }

    /// Makes a directory and those above it that are missing; existing ones stay as they are.
    public static func makeDirectories(_ path: String, mode: UInt32) throws(Errno) {
        do {
            try syscall { mkdir(path, mode) }
        } catch .fileExists {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw .notDirectory
            }
        } catch .noSuchFileOrDirectory {
            guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
                throw .noSuchFileOrDirectory
            }
            try makeDirectories(String(path[..<slash]), mode: mode)
            try syscall { mkdir(path, mode) }
        }
    }

    /// Changes what is not `nil`.
    public static func setOwner(_ path: String, user: UInt32?, group: UInt32?) throws(Errno) {
        try syscall { chown(path, user ?? ~0, group ?? ~0) }
    }

    public static func remove(_ path: String) throws(Errno) {
        try syscall { unlink(path) }
    }

    /// Takes an exclusive lock, and waits for it; it lasts until the file is closed.
    ///
    /// Source: flock(2).
    public static func lockAndWait(_ file: borrowing OwnedFD) throws(Errno) {
        let raw = file.raw
        try syscall { flock(raw, LOCK_EX) }
    }

    /// Whether something can be read now; never waits.
    public static func isReadable(_ fd: CInt) -> Bool {
        var request = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }

    /// Waits until something can be read, or the end of it has come; for a process, its own end.
    public static func waitUntilReadable(_ fd: CInt, until deadline: Instant) {
        var request = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
        while Instant.now < deadline {
            let rest = (deadline - .now).nanoseconds / 1_000_000
            if poll(&request, 1, CInt(clamping: rest + 1)) > 0 { return }
        }
    }

    /// Whether that number is one of a descriptor.
    public static func isOpen(_ raw: CInt) -> Bool { fcntl(raw, F_GETFD) != -1 }

    public static func isTerminal(_ fd: CInt) -> Bool { isatty(fd) == 1 }

    /// The path of a file without links and dots; as it is where there is no such file.
    ///
    /// Source: realpath(3).
    public static func resolve(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The paths that a shell pattern stands for, sorted.
    ///
    /// Source: glob(3).
    public static func glob(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard Glibc.glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { index in
            found.gl_pathv[index].map { String(cString: $0) }
        }
    }
}

extension OwnedFD {
    /// Reads at a place, without moving the file's own.
    ///
    /// - Returns: How many bytes came; 0 at the end.
    ///
    /// Source: pread(2).
    public func read(
        into buffer: UnsafeMutableRawBufferPointer,
        at offset: Int
    ) throws(Errno) -> Int {
        let raw = raw
        return try syscall { pread(raw, buffer.baseAddress, buffer.count, offset) }
    }
}
