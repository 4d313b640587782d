internal import Glibc
public import SystemPackage

extension ProcessEnvironment {
    /// Another one each time the machine is started.
    ///
    /// Source: random(4), `boot_id`.
    public static var bootID: String {
        let bytes = (try? Files.read("/proc/sys/kernel/random/boot_id", bytesMax: 64)) ?? []
        return String(decoding: bytes.prefix(36), as: UTF8.self)
    }
}

extension ProcessImage {
    /// The directory of the file that is executed, whatever names it has elsewhere; ends in a slash.
    ///
    /// Source: proc(5), `/proc/PID/exe`.
    public static var directory: String {
        let path = ProcessTable.link("/proc/self/exe") ?? ""
        return path.lastIndex(of: "/").map { String(path[...$0]) } ?? "/"
    }

    /// Becomes another program, with the environment of this one and arguments of its own.
    ///
    /// - Parameter arguments: With the name of the program as the first.
    /// - Returns: Why it could not be done.
    ///
    /// Source: execve(2).
    public static func replace(by path: String, arguments: [String]) -> Errno {
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        execv(path, &words)
        return Errno(rawValue: errno)
    }
}
