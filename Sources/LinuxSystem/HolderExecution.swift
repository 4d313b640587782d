internal import Glibc
public import SystemPackage

extension ProcessEnvironment {
    /// The path of the program that this process executes.
    ///
    /// Source: proc(5), `/proc/PID/exe`.
    public static var executable: String {
        ProcessTable.link("/proc/self/exe") ?? "/proc/self/exe"
    }

    /// Another one each time the machine is started.
    ///
    /// Source: random(4), `boot_id`.
    public static var bootID: String {
        let bytes = (try? Files.read("/proc/sys/kernel/random/boot_id", bytesMax: 64)) ?? []
        return String(decoding: bytes.prefix(36), as: UTF8.self)
    }
}

/// Becomes another program, with the environment of this one.
///
/// - Parameter arguments: With the name of the program as the first.
/// - Throws: And goes on, if that cannot be.
///
/// Source: execve(2).
public func execute(_ path: String, _ arguments: [String]) throws(Errno) -> Never {
    var words = arguments.map { strdup($0) } + [nil]
    execv(path, &words)
    let error = Errno(rawValue: errno)
    for word in words { free(word) }
    throw error
}
