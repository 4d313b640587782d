internal import Glibc
public import SystemPackage

/// Tells which of some files and directories have changed.
///
/// A file is watched by way of its directory, so that one that is replaced by another (written
/// aside and renamed, as editors do) or that is not there yet is watched as well. Of a directory
/// it is its entries that count, not those further down. A symbolic link is watched as a link:
/// what changes behind it is not seen.
///
/// A poller sees ``raw`` as readable when something has happened.
///
/// Source: inotify(7). One user has 128 of these, and each of them thousands of paths.
public struct FileWatch: ~Copyable {
    /// What has happened since it was last asked.
    public struct Changes: Equatable, Sendable {
        /// As they were given to ``add(_:)``.
        public var paths: Set<String> = []
        /// Of those, the ones that are watched no more, for their directory has gone.
        public var lost: Set<String> = []
    }

    /// Whom a watch of the kernel is for.
    private struct Subject {
        let path: String
        /// The entry that counts; `nil` for all.
        let name: String?
    }

    private static let mask = UInt32(
        IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
            | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
    )
    private static let endMask = UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)

    private let fd: OwnedFD
    private var subjects: [Int32: [Subject]] = [:]

    /// Goes on with a descriptor of another one; what that watched is to be added again.
    public init(adopting descriptor: consuming OwnedFD) {
        fd = descriptor
    }

    public init() throws(Errno) {
        fd = OwnedFD(adopting: try syscall { inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) })
    }

    public var raw: CInt { fd.raw }

    /// Watches a path too.
    ///
    /// - Throws: `.noSuchFileOrDirectory` if there is not even its directory; `.noSpace` if the user
    ///   watches too much.
    public mutating func add(_ path: String) throws(Errno) {
        do {
            try add(path, name: nil)
        } catch {
            // A file, or nothing at all yet.
            guard error == .notDirectory || error == .noSuchFileOrDirectory else { throw error }
            let path = FilePath(path).lexicallyNormalized()
            guard let name = path.lastComponent?.string else { throw error }
            let directory = path.removingLastComponent().string
            try add(directory.isEmpty ? "." : directory, name: name, for: path.string)
        }
    }

    private mutating func add(_ directory: String, name: String?, for path: String? = nil)
        throws(Errno)
    {
        let raw = fd.raw
        // The same number again for a directory that is watched already.
        let watch = try syscall { inotify_add_watch(raw, directory, FileWatch.mask) }
        subjects[watch, default: []].append(Subject(path: path ?? directory, name: name))
    }

    /// Takes what has happened; empty if nothing has.
    public mutating func next() throws(Errno) -> Changes {
        var changes = Changes()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 8)
        defer { buffer.deallocate() }
        while let count = try fd.read(into: buffer), count > 0 {
            for event in FileEvent.all(in: ArraySlice(buffer[..<count])) {
                take(event, into: &changes)
            }
        }
        return changes
    }

    private mutating func take(_ event: FileEvent, into changes: inout Changes) {
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
            // The kernel has dropped some: it can have been any.
            return changes.paths.formUnion(subjects.values.joined().map(\.path))
        }
        let isEnd = event.mask & FileWatch.endMask != 0
        for subject in subjects[event.watch] ?? [] {
            if isEnd || subject.name == nil || subject.name == event.name {
                changes.paths.insert(subject.path)
            }
            if isEnd { changes.lost.insert(subject.path) }
        }
        guard isEnd, subjects.removeValue(forKey: event.watch) != nil else { return }
        // One that was moved away is watched there. It may have gone by itself.
        inotify_rm_watch(fd.raw, event.watch)
    }
}
