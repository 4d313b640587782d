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

    /// Opens the file, and makes it and its directories where they are missing.
    func open(_ policy: LogPolicy) throws(Errno) -> OwnedFD {
        let directory = try Directory.make(parent, beneath: root, mode: LogPlace.directoryMode)
        do {
            return try directory.openForAppending(name)
        } catch .noSuchFileOrDirectory {
            return try make(name, policy, in: directory)
        }
    }

    /// Makes a file as the policy says, under a name that is free.
    func make(
        _ name: String,
        _ policy: LogPolicy,
        in directory: borrowing Directory
    ) throws(Errno) -> OwnedFD {
        let file = try directory.openForAppending(name, making: policy.mode)
        let owner = policy.owner.flatMap(Accounts.user)
        let group = policy.group.flatMap(Accounts.group)
        // Where that is not permitted, there is still a log.
        if owner != nil || group != nil { try? file.setOwner(user: owner?.id, group: group) }
        return file
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
