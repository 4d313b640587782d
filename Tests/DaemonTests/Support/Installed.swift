import Foundation

/// A program of somebody else's that a test cannot do without.
enum Installed {
    /// Where it is, as a shell finds it.
    ///
    /// - Throws: ``Missing``: what a test shows is not shown by leaving it out.
    static func path(_ name: String) throws -> String {
        guard let path = Places.command(name) else { throw Missing(name: name) }
        return path
    }

    /// Where Debian keeps those of PostgreSQL's programs of which there is one for each version.
    static func postgres(_ name: String) throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let paths = versions.sorted().map { "\(root)/\($0)/bin/\(name)" }
        guard let path = paths.last(where: FileManager.default.isExecutableFile) else {
            throw Missing(name: "PostgreSQL's \(name)")
        }
        return path
    }

    struct Missing: Error, CustomStringConvertible {
        let name: String

        var description: String { "cannot find \(name): run scripts/setup test" }
    }
}
