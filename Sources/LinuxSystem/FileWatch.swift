internal import Glibc
public import SystemPackage

/// Tells whether entries of some directories have changed.
///
/// A file is watched by way of its directory, so that one that is replaced by another (written
/// aside and renamed, as editors do) or that is not there yet is watched as well.
///
/// A poller sees ``raw`` as readable when something has happened.
///
/// Source: inotify(7). One user has 128 of these, and each of them thousands of directories.
public struct FileWatch: ~Copyable {
    /// Entries of a directory.
    public struct Subject: Hashable, Sendable {
        /// What it means that they change.
        public enum Role: Sendable {
            /// They are what is watched.
            case content
            /// What is watched is behind them: only their coming and going counts.
            case way
        }

        public let directory: String
        /// A shell pattern of their names, see fnmatch(3); `nil` for all.
        public let name: String?
        public let role: Role

        public init(_ directory: String, name: String?, _ role: Role) {
            (self.directory, self.name, self.role) = (directory, name, role)
        }

        func concerns(_ entry: String) -> Bool {
            name.map { fnmatch($0, entry, FNM_PERIOD) == 0 } ?? true
        }
    }

    /// What has happened since it was last asked.
    public struct Changes: Equatable, Sendable {
        public var isContentOther = false
        /// What is to be watched may be something else now.
        public var isWayOther = false

        public init() {}

        public mutating func add(_ more: Changes) {
            isContentOther = isContentOther || more.isContentOther
            isWayOther = isWayOther || more.isWayOther
        }
    }

    private static let comingAndGoing = UInt32(
        IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
    )
    private static let end = UInt32(IN_DELETE_SELF | IN_MOVE_SELF)
    private static let endMask = end | UInt32(IN_UNMOUNT | IN_IGNORED)
    private static let writing = UInt32(IN_MODIFY | IN_CLOSE_WRITE)

    private let fd: OwnedFD
    private var subjects: [Int32: [Subject]] = [:]

    /// Goes on with a descriptor of another one; what that watched is to be watched again.
    public init(adopting descriptor: consuming OwnedFD) {
        fd = descriptor
    }

    public init() throws(Errno) {
        fd = OwnedFD(adopting: try syscall { inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) })
    }

    public var raw: CInt { fd.raw }

    /// Watches these from now on, and nothing else; a directory that is not there is passed over.
    ///
    /// - Throws: `.noSpace` if the user watches too much.
    public mutating func watch(_ all: Set<Subject>) throws(Errno) {
        let before = subjects.keys
        subjects = [:]
        for subject in all {
            let mask =
                FileWatch.comingAndGoing | FileWatch.end
                | (subject.role == .content ? FileWatch.writing : 0)
            guard let watch = try watch(subject.directory, mask) else { continue }
            subjects[watch, default: []].append(subject)
        }
        for watch in before where subjects[watch] == nil { inotify_rm_watch(fd.raw, watch) }
    }

    /// - Returns: The same number again for a directory that is watched already.
    private func watch(_ directory: String, _ mask: UInt32) throws(Errno) -> Int32? {
        let raw = fd.raw
        let flags = UInt32(IN_ONLYDIR | IN_MASK_ADD)
        do {
            return try syscall { inotify_add_watch(raw, directory, mask | flags) }
        } catch {
            guard error == .noSuchFileOrDirectory || error == .notDirectory else { throw error }
            return nil
        }
    }

    /// Takes what has happened.
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
            (changes.isContentOther, changes.isWayOther) = (true, true)
            return
        }
        guard let name = event.name else {
            guard event.mask & FileWatch.endMask != 0,
                subjects.removeValue(forKey: event.watch) != nil
            else { return }
            changes.isWayOther = true
            // One that was moved away is watched there. It may have gone by itself.
            inotify_rm_watch(fd.raw, event.watch)
            return
        }
        for subject in subjects[event.watch] ?? [] where subject.concerns(name) {
            if event.mask & FileWatch.comingAndGoing != 0 { changes.isWayOther = true }
            if subject.role == .content { changes.isContentOther = true }
        }
    }
}
