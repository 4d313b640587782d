import LinuxSystem
import SystemPackage

/// Standard output and standard error, written at once and whole.
enum Console {
    static func write(_ bytes: [UInt8]) {
        do {
            try StandardStream.writeAll(bytes, to: .output)
        } catch {
            complain("cannot write to standard output: \(error.reason)")
            ProcessEnvironment.exit(Verdict.refused.rawValue)
        }
    }

    static func write(line: String) {
        write(Array("\(line)\n".utf8))
    }

    /// Tells on standard error what went wrong; where even that fails, nobody can be told.
    static func complain(_ sentence: String) {
        writeError(line: "keepctl: \(sentence)")
    }

    static func writeError(line: String) {
        writeErrorPiece("\(line)\n")
    }

    /// What is no line, or not yet.
    static func writeErrorPiece(_ text: String) {
        try? StandardStream.writeAll(Array(text.utf8), to: .error)
    }
}
