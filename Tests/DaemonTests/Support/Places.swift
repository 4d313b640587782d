import Foundation
import LinuxSystem

/// Where the programs under test and the files of the repository are.
enum Places {
    /// The programs that were built together with the tests, or those in `KEEPD_BUILD`.
    static let products: String = {
        if let directory = ProcessEnvironment.variables["KEEPD_BUILD"] { return directory }
        let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: tests ?? "").deletingLastPathComponent().path()
    }()

    static let repository = URL(filePath: #filePath)
        .appending(path: "../../../..").standardized.path()

    static func product(_ name: String) -> String {
        URL(filePath: products).appending(path: name).path()
    }

    static func file(_ path: String) -> String {
        URL(filePath: repository).appending(path: path).path()
    }

    /// A command that is found as a shell finds it, also where Debian keeps servers.
    static func command(_ name: String) -> String? {
        searchPath.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static let searchPath =
        (ProcessEnvironment.variables["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
}
