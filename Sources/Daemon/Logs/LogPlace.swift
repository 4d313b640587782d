internal import LinuxSystem
internal import Supervision
internal import SystemPackage

/// Where a log file is, and what is beside it.
struct LogPlace {
    private static let directoryMode: UInt32 = 0o755

    /// Absolute.
    let path: String
    let name: String
    private let parent: String
    private let root: String?

    /// - Parameters:
    ///   - path: Absolute.
    ///   - root: Out of which no symbolic link may lead, where the path is in it.
    init(_ path: String, beneath root: String?) {
        self.path = path
        self.root = root
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        name = String(path[slash...].dropFirst())
        parent = slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The directory anew, for the one that was there may be gone.
    func directory() throws(Errno) -> Directory {
        try Directory(parent, beneath: root)
    }

    /// Opens the file, and has it made where it is missing, as are its directories.
    func open(
        orMake make: (borrowing Directory) throws(Errno) -> OwnedFD
    ) throws(Errno) -> OwnedFD {
        let directory = try Directory.make(parent, beneath: root, mode: LogPlace.directoryMode)
        do {
            return try directory.openForAppending(name)
        } catch .noSuchFileOrDirectory {
            return try make(directory)
        }
    }

    /// The older files.
    func archive(in directory: borrowing Directory) throws(Errno) -> LogArchive {
        var entries: [(name: String, size: Int)] = []
        for name in try directory.names(beginningWith: "\(name).") {
            guard let status = try directory.status(of: name), status.kind == .regular else {
                continue
            }
            entries.append((name, status.size))
        }
        return LogArchive(of: name, in: entries)
    }
}
