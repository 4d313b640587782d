internal import LinuxSystem
internal import SystemPackage

/// What has to be looked at so that nothing is missed that some patterns match, now or later.
///
/// Of a directory that is matched it is its entries that count, not those further down. What a
/// symbolic link leads to counts as well as the link. A directory that is not there yet is waited
/// for in the one above it.
///
/// Source: glob(7).
struct WatchRoute: Equatable {
    private(set) var subjects: Set<FileWatch.Subject> = []
    /// What the patterns match at this moment.
    private(set) var matches: [String: FileStatus.Identity] = [:]

    /// - Parameter patterns: Of absolute paths.
    init(to patterns: [String]) {
        for pattern in patterns { follow(FilePath(pattern).lexicallyNormalized()) }
    }

    private mutating func follow(_ pattern: FilePath) {
        guard let name = pattern.lastComponent?.string else { return }
        var directories = [FilePath("/")]
        for component in pattern.removingLastComponent().components {
            directories = directories.flatMap { enter(component.string, in: $0) }
        }
        for directory in directories {
            subjects.insert(FileWatch.Subject(directory.string, name: name, .content))
        }
        for path in Files.glob(pattern.string) { arrive(at: path) }
    }

    /// - Returns: The directories of that name, or that match the pattern.
    private mutating func enter(_ name: String, in directory: FilePath) -> [FilePath] {
        let path = directory.appending(name)
        let found = WatchRoute.isPattern(name) ? Files.glob(path.string) : [path.string]
        let entered = found.filter { Files.status(of: $0, followsLinks: true)?.kind == .directory }
        // One that is there and stays what it is need not be looked at: its own end is seen.
        let isPlain = found == [path.string] && Files.status(of: path.string)?.kind == .directory
        if WatchRoute.isPattern(name) || !isPlain {
            subjects.insert(FileWatch.Subject(directory.string, name: name, .way))
        }
        return entered.map { FilePath($0) }
    }

    private mutating func arrive(at path: String) {
        guard let status = Files.status(of: path, followsLinks: true) else { return }
        matches[path] = status.identity
        if status.kind == .directory {
            subjects.insert(FileWatch.Subject(path, name: nil, .content))
        } else if Files.status(of: path)?.kind == .symbolicLink,
            let target = Files.target(of: path).map({ FilePath($0) }),
            let name = target.lastComponent?.string
        {
            let directory = target.removingLastComponent().string
            subjects.insert(
                FileWatch.Subject(directory, name: WatchRoute.literal(name), .content)
            )
        }
    }

    private static func isPattern(_ name: String) -> Bool {
        name.contains { "*?[\\".contains($0) }
    }

    private static func literal(_ name: String) -> String {
        String(name.flatMap { "*?[\\".contains($0) ? ["\\", $0] : [$0] })
    }
}
