import Foundation

/// A directory for one test, which goes away with it; everybody may look into it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/keepd-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw POSIXError(.EIO) }
        path = String(cString: made)
        chmod(path, 0o755)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
    }

    /// Puts a program where every user can reach it, which the build folder need not be.
    ///
    /// - Returns: Its path.
    func copy(product name: String) throws -> String {
        try FileManager.default.copyItem(atPath: Places.product(name), toPath: path(name))
        return path(name)
    }

    /// Makes a directory where anybody may make files.
    func makePublicDirectory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: path(name),
            withIntermediateDirectories: true
        )
        chmod(path(name), 0o777)
        return path(name)
    }

    /// Empty if there is no such file.
    func text(of name: String) -> String { String(decoding: bytes(of: name), as: UTF8.self) }

    func lines(of name: String) -> [String] {
        text(of: name).split(separator: "\n").map(String.init)
    }

    func bytes(of name: String) -> Data {
        (try? Data(contentsOf: URL(filePath: path(name)))) ?? Data()
    }

    /// In bytes; 0 if there is no such file.
    func size(of name: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path(name))
        return attributes?[.size] as? Int ?? 0
    }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}
