extension ProgramConfiguration {
    /// `tty`, `stdin`, `stdout` and `stderr`.
    var streams: [Setting] {
        [
            Setting("tty", .restart, hasTerminal),
            Setting("stdin", .restart, stdin == .pipe ? "pipe" : "null"),
        ]
            + settings(of: stdout, stdoutLog, under: "stdout")
            + settings(of: stderr, stderrLog, under: "stderr")
    }

    private func settings(of output: Output, _ log: LogPolicy, under key: String) -> [Setting] {
        let (word, file): (String?, Template?) =
            switch output {
            case .null: ("null", nil)
            case .inherit: ("inherit", nil)
            case .sameAsStdout: ("stdout", nil)
            case .console: (nil, nil)
            case .file(let path): (nil, path)
            }
        return [
            Setting(key, .restart, word),
            Setting("\(key).file", .restart, file),
            Setting("\(key).maxSize", .live, log.maxSize.map { Size(bytes: UInt64($0)) }),
            Setting("\(key).keep", .live, log.keep),
            Setting("\(key).totalSize", .live, log.totalSize.map { Size(bytes: UInt64($0)) }),
            Setting("\(key).compress", .live, log.compress),
            Setting("\(key).timestamps", .live, log.timestamps),
            Setting("\(key).journal", .restart, log.journal),
            Setting("\(key).onFull", .restart, log.onFull),
            Setting("\(key).mode", .live, Octal(bits: log.mode)),
            Setting("\(key).owner", .live, log.owner),
            Setting("\(key).group", .live, log.group),
        ]
    }
}
