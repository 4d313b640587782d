internal import CLinux
internal import Glibc
public import SystemPackage

/// The program that this process executes.
public enum ProcessImage {
    /// Where the file is that was executed, absolute; `nil` where nobody can say.
    ///
    /// Of symbolic links it is the name that was used, so that whoever executes it again gets what
    /// they point to by then. To be asked at the start, for the file may be replaced later.
    ///
    /// Source: getauxval(3), `AT_EXECFN`; proc(5), `/proc/pid/exe`.
    public static var path: String? {
        if let name = clinux_executed_name() {
            let text = String(cString: name)
            let path = text.hasPrefix("/") ? text : "\(ProcessEnvironment.workingDirectory)/\(text)"
            // A program that interprets others, such as the loader, has been given another name.
            if isSameFile(path, "/proc/self/exe") { return path }
        }
        var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard readlink("/proc/self/exe", &target, Int(PATH_MAX)) > 0 else { return nil }
        return target.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
    }

    private static func isSameFile(_ path: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        return stat(path, &first) == 0 && stat(other, &second) == 0
            && first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    /// Executes another program in this process, with the arguments that this one was given.
    ///
    /// All other threads are gone then; the children, and the signals that wait, stay.
    ///
    /// - Parameters:
    ///   - variable: Added to the environment, as `NAME=value`.
    ///   - descriptors: Those that it gets, besides the standard ones; all are close-on-exec again
    ///     if this returns.
    /// - Returns: Why it could not be done.
    ///
    /// Source: execve(2).
    public static func replace(
        by path: String,
        adding variable: String,
        keeping descriptors: [CInt]
    ) -> Errno {
        for raw in descriptors { _ = fcntl(raw, F_SETFD, 0) }
        defer { for raw in descriptors { _ = fcntl(raw, F_SETFD, FD_CLOEXEC) } }
        var environment: [UnsafeMutablePointer<CChar>?] = []
        var next = environ
        while let line = next.pointee {
            environment.append(line)
            next += 1
        }
        return variable.withCString { line in
            environment.append(UnsafeMutablePointer(mutating: line))
            environment.append(nil)
            execve(path, CommandLine.unsafeArgv, environment)
            return Errno(rawValue: errno)
        }
    }

    /// Takes a variable out of the environment, as ``replace(by:adding:keeping:)`` has put it there.
    ///
    /// - Returns: Its value; `nil` if there is none.
    public static func takeVariable(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        defer { unsetenv(name) }
        return String(cString: value)
    }

    /// Makes all descriptors close-on-exec but the standard ones.
    ///
    /// Source: `close_range(2)`, `CLOSE_RANGE_CLOEXEC`, Linux 5.11.
    public static func keepDescriptorsToItself() {
        clinux_close_on_exec()
    }
}
