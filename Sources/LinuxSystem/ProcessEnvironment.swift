internal import Glibc

/// What this process was given by whoever started it.
public enum ProcessEnvironment {
    /// The environment; a line without `=` is left out.
    public static var variables: [String: String] {
        var variables: [String: String] = [:]
        var next = Glibc.environ
        while let line = next.pointee {
            let text = String(cString: line)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return variables
    }

    /// The directory that relative paths start from; `/` if it has been removed.
    public static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    /// What the machine calls itself: `uname -n`.
    public static var hostName: String {
        var names = utsname()
        uname(&names)
        return withUnsafeBytes(of: names.nodename) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Processors that are online.
    public static var processorCount: Int { max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))) }

    /// Allows as many descriptors as the administrator lets this process have.
    ///
    /// - Returns: How many it could have before, which is what a child should be given again: a
    ///   program that uses select(2) breaks above 1,024.
    ///
    /// Source: getrlimit(2), RLIMIT_NOFILE.
    public static func raiseDescriptorLimit() -> UInt64 {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return UInt64(before)
    }

    /// Ends the process, without a word to anybody.
    public static func exit(_ status: Int32) -> Never {
        Glibc.exit(status)
    }
}
