internal import Glibc
public import SystemPackage
public import SystemTypes

/// A control group of version 2: processes that are counted, limited and ended together.
///
/// It is known by its directory, which this value neither makes nor removes by itself. All of it
/// works by files; what is not there (a controller that is not enabled, an older kernel) is
/// `.noSuchFileOrDirectory`.
///
/// Source: cgroups(7), Documentation/admin-guide/cgroup-v2.rst.
public struct Cgroup: Hashable, Sendable {
    /// How often to look again for processes that fork while they are moved or killed.
    static let passesMax = 100

    public let directory: String

    public init(directory: String) {
        self.directory = directory
    }

    /// The group that this process is in; `nil` where there is no version 2, or it cannot be seen.
    public static var own: Cgroup? {
        guard let mount = (try? text("/proc/self/mountinfo")).flatMap(CgroupPlaces.mount),
            let path = (try? text("/proc/self/cgroup")).flatMap(CgroupPlaces.path),
            let directory = CgroupPlaces.directory(of: path, in: mount)
        else { return nil }
        return Cgroup(directory: directory)
    }

    public func child(_ name: String) -> Cgroup {
        Cgroup(directory: directory == "/" ? "/\(name)" : "\(directory)/\(name)")
    }

    /// The last part of its path.
    public var name: String { String(directory.split(separator: "/").last ?? "") }

    /// The group in which it is; the root is in itself.
    public var parent: Cgroup {
        let path = directory.lastIndex(of: "/").map { String(directory[..<$0]) } ?? ""
        return Cgroup(directory: path.isEmpty ? "/" : path)
    }

    /// Whether this process may make groups below, and move its children into them: it is root, or
    /// the group was delegated to its user.
    public var isDelegated: Bool {
        access(directory, W_OK) == 0 && access(directory + "/cgroup.procs", W_OK) == 0
    }

    public var exists: Bool { access(directory, F_OK) == 0 }

    // MARK: - Making and removing

    /// Makes it, below one that is there.
    ///
    /// - Throws: `.fileExists`.
    public func make() throws(Errno) {
        try syscall { mkdir(directory, 0o755) }
    }

    /// Its directory, for ``SpawnRequest/cgroup`` and for ``CgroupEvents``.
    public func open() throws(Errno) -> OwnedFD {
        OwnedFD(
            adopting: try syscall { Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        )
    }

    /// Removes it and all below it, and is content if it is gone already.
    ///
    /// - Throws: `.resourceBusy` while there is a process in any of them; a zombie does not count.
    public func remove() throws(Errno) {
        for child in children { try child.remove() }
        do {
            try syscall { rmdir(directory) }
        } catch .noSuchFileOrDirectory {
            return
        }
    }

    /// The groups directly below it, sorted.
    public var children: [Cgroup] {
        Files.glob(Cgroup.quoted(directory) + "/*/")
            .map { Cgroup(directory: String($0.dropLast())) }
    }

    /// For glob(3), to which a path may not be a pattern.
    private static func quoted(_ path: String) -> String {
        path.reduce(into: "") { quoted, character in
            if "*?[\\".contains(character) { quoted.append("\\") }
            quoted.append(character)
        }
    }

    // MARK: - Members

    /// Its processes, and those of the groups below it; without zombies, as long as they last.
    public var processes: [ProcessID] {
        get throws(Errno) {
            var found = Set<ProcessID>()
            try collect(into: &found)
            return found.sorted()
        }
    }

    private func collect(into found: inout Set<ProcessID>) throws(Errno) {
        found.formUnion(try members)
        for child in children {
            // A group below may go at any moment.
            try? child.collect(into: &found)
        }
    }

    /// The processes in it that are in none of the groups below it.
    public var members: [ProcessID] {
        get throws(Errno) {
            // 0 stands for a process of another process id name space.
            try value(of: "cgroup.procs").split(separator: "\n").compactMap { Int32($0) }
                .filter { $0 > 0 }.map(ProcessID.init(rawValue:))
        }
    }

    /// Moves a process, with all its threads, into this group.
    public func take(_ process: ProcessID) throws(Errno) {
        try set("cgroup.procs", to: String(process.rawValue))
    }

    /// Kills all that is in it and below it, at once, so that nobody can fork away.
    ///
    /// Before Linux 5.14 one after the other, and again for those that were forked meanwhile.
    ///
    /// - Returns: Whether the kernel has done it, or nobody was left to be killed.
    @discardableResult
    public func kill() throws(Errno) -> Bool {
        do {
            try set("cgroup.kill", to: "1")
            return true
        } catch .noSuchFileOrDirectory {
            return try killOneByOne()
        }
    }

    func killOneByOne() throws(Errno) -> Bool {
        for _ in 0..<Cgroup.passesMax {
            let alive = try processes.filter { ProcessTable.entry(of: $0)?.hasEnded == false }
            if alive.isEmpty { return true }
            for process in alive {
                guard let pidfd = try? PidFD(opening: process),
                    // The number may have been given away before the descriptor was opened.
                    (try? processes.contains(process)) == true
                else { continue }
                try? pidfd.send(.kill)
            }
        }
        return false
    }

    /// Stops all that is in it and below it, or lets it go on; done when ``Events/isFrozen`` says so.
    ///
    /// Source: `cgroup.freeze`, Linux 5.2.
    public func setFrozen(_ isFrozen: Bool) throws(Errno) {
        try set("cgroup.freeze", to: isFrozen ? "1" : "0")
    }

    // MARK: - Files

    /// What a file of the group says, without the newline at its end.
    public func value(of file: String) throws(Errno) -> String {
        var text = try Cgroup.text("\(directory)/\(file)")
        if text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    /// Writes to a file of the group, in one go, as the kernel wants it.
    ///
    /// A limit of memory below what is in use is reached by those who use it, without this waiting
    /// until it is; before Linux 6.16 it does wait.
    ///
    /// Source: "memory.max", Documentation/admin-guide/cgroup-v2.rst, on `O_NONBLOCK`.
    public func set(_ file: String, to value: String) throws(Errno) {
        let raw = try syscall {
            Glibc.open("\(directory)/\(file)", O_WRONLY | O_CLOEXEC | O_NONBLOCK)
        }
        let fd = OwnedFD(adopting: raw)
        var value = value
        try syscall { value.withUTF8 { Glibc.write(fd.raw, $0.baseAddress, $0.count) } }
    }

    private static func text(_ path: String) throws(Errno) -> String {
        String(decoding: try Files.read(path, bytesMax: 1 << 24), as: UTF8.self)
    }
}
