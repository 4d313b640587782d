import Foundation

/// One file of the repository, as the rules see it.
struct SourceFile {
    /// From the root: `Sources/keepd/Main.swift`.
    let path: String
    let text: String

    var lines: [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The target that a file below `Sources/` belongs to.
    var target: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }

    var isSwiftSource: Bool { target != nil && path.hasSuffix(".swift") }
}

/// One thing to put right, as `path:line: reason`.
struct Complaint: Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let reason: String

    var description: String { "\(path):\(line): \(reason)" }
}

/// What git keeps, read once.
struct Repository: Sendable {
    struct Unreadable: Error {
        let reason: String
    }

    let root: String
    let files: [SourceFile]

    var paths: Set<String> { Set(files.map(\.path)) }

    init() throws {
        let here = URL(fileURLWithPath: #filePath)
        let directory = here.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        root = directory.path
        files = try Repository.tracked(in: root).compactMap { path in
            let url = directory.appendingPathComponent(path)
            // Gone from the working tree, or not text: nothing to judge.
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
            return SourceFile(path: path, text: text)
        }
    }

    private static func tracked(in root: String) throws -> [String] {
        let git = Process()
        let output = Pipe()
        git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // The clone may belong to somebody else, which does not matter to a reader.
        git.arguments = ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z"]
        git.standardOutput = output
        try git.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        guard git.terminationStatus == 0 else { throw Unreadable(reason: "git ls-files failed") }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\0").map(String.init)
    }
}
