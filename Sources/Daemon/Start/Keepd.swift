internal import ControlProtocol
internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// The daemon, from its start to its end; call ``run(_:)`` from a synchronous `main()`.
public enum Keepd {
    /// The signals that keepd reads.
    ///
    /// All are blocked before the first thread is made, and threads inherit that.
    private static let signals: Set<Signal> = [
        .terminate, .interrupt, .quit, .hangUp, .user1, .user2, .child, .brokenPipe,
    ]

    /// Why the daemon did not come to run.
    struct Failure: Error {
        let code: ExitCode
        let message: String
    }

    /// - Returns: The exit status; an ``ExitCode``, or where `exitWhen` ends the daemon that of a program.
    public static func run(_ options: Options) -> Int32 {
        Files.fillStandardDescriptors()
        SignalMask.resetDispositions()
        SignalMask.block(signals)
        do {
            return try serve(options)
        } catch {
            report(error.message)
            return error.code.rawValue
        }
    }

    /// Says whether the configuration loads; starts nothing.
    public static func check(_ options: Options) -> ExitCode {
        do {
            let configuration = try load(.file(find(options)))
            try? StandardStream.writeAll(
                Array("ok: \(configuration.programs.count) programs\n".utf8),
                to: .output
            )
            return .clean
        } catch {
            report(error.message)
            return error.code
        }
    }

    static func report(_ message: String) {
        try? StandardStream.writeAll(Array("\(message)\n".utf8), to: .error)
    }

    private static func find(_ options: Options) throws(Failure) -> ConfigurationFile {
        if let file = ConfigurationFile(path: options.configurationPath) { return file }
        let paths = ConfigurationFile.usualPaths.joined(separator: ", ")
        throw Failure(
            code: .configuration,
            message: "keepd: cannot find a configuration: none of \(paths) is there"
        )
    }

    private static func load(_ source: ConfigurationSource) throws(Failure) -> Configuration {
        do {
            return try source.load()
        } catch {
            throw Failure(code: .configuration, message: error.description)
        }
    }

    private static func serve(_ options: Options) throws(Failure) -> Int32 {
        let source: ConfigurationSource =
            options.command.isEmpty ? .file(try find(options)) : .command(options.command)
        // Before anything else is opened, and whatever the configuration says.
        var passed = ServiceDescriptors()
        let configuration = try load(source)
        let socket = try openSocket(options, configuration.daemon, passed.takeSocket())
        defer { socket.remove() }
        if let directory = configuration.daemon.logDirectory {
            try makeLogDirectory(directory)
        }
        do {
            return try serve(options, source, configuration, socket)
        } catch {
            throw Failure(code: .system, message: "keepd: cannot start: \(error)")
        }
    }

    private static func serve(
        _ options: Options,
        _ source: ConfigurationSource,
        _ configuration: Configuration,
        _ socket: borrowing ControlSocket
    ) throws(Errno) -> Int32 {
        let loop = try EventLoop()
        let logs = try LogLoop(
            home: loop,
            format: LogFormat(options),
            root: configuration.daemon.logDirectory ?? StandardDirectory.logs
        )
        let threshold = LogThreshold(level(options, configuration.daemon))
        let memory = LogMemory()
        let logger = Logger(label: "keepd") { _ in
            ConsoleLog(logs: logs, memory: memory, threshold: threshold)
        }
        let launcher = Launcher(
            Launcher.Surroundings(
                environment: inheritableEnvironment,
                socketPath: socket.path,
                openFilesMax: ProcessEnvironment.raiseDescriptorLimit()
            )
        )
        let pool = ThreadPool(threadsMax: 2)
        let channel = ServiceChannel()
        let registry = Registry(configuration, of: source, loop: loop, pool: pool, logger: logger)
        registry.onChange { threshold.level = level(options, $0) }
        let daemon = try Daemon(
            registry,
            loop: loop,
            logs: logs,
            logger: logger,
            launcher: launcher,
            channel: channel
        )
        try daemon.serve(on: .duplicate(socket.listener.raw), memory: memory)
        let status = daemon.run()
        pool.shutDown()
        logs.close()
        channel?.flush(within: .seconds(1))
        loop.close()
        return status
    }

    /// What programs get: not what the service manager said to the daemon alone.
    ///
    /// Source: systemd.exec(5), "Environment variables in spawned processes".
    private static var inheritableEnvironment: [String: String] {
        let ours = [
            "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS",
            "LISTEN_FDNAMES", "LISTEN_PIDFDID", "FDSTORE", "JOURNAL_STREAM", "INVOCATION_ID",
            "MANAGERPID", "MANAGERPIDFDID", "SYSTEMD_EXEC_PID", "MEMORY_PRESSURE_WATCH",
            "MEMORY_PRESSURE_WRITE", "RUNTIME_DIRECTORY", "STATE_DIRECTORY", "LOGS_DIRECTORY",
        ]
        return ProcessEnvironment.variables.filter { !ours.contains($0.key) }
    }

    private static func openSocket(
        _ options: Options,
        _ settings: DaemonConfiguration,
        _ passed: consuming OwnedFD?
    ) throws(Failure) -> ControlSocket {
        let path =
            options.socketPath ?? settings.socket.path
            ?? SocketPath.standard(
                user: Accounts.effectiveUser,
                environment: ProcessEnvironment.variables
            )
        do {
            if let passed { return try ControlSocket(passed: passed, instead: path) }
            return try ControlSocket(path, settings.socket)
        } catch {
            throw Failure(code: error.exitCode, message: "keepd: \(error)")
        }
    }

    private static func makeLogDirectory(_ path: String) throws(Failure) {
        do {
            try Files.makeDirectories(path, mode: 0o755)
        } catch {
            throw Failure(
                code: .cannotCreate,
                message: "keepd: cannot make \(path): \(error.reason)"
            )
        }
    }

    private static func level(
        _ options: Options,
        _ settings: DaemonConfiguration
    ) -> Logger.Level {
        let name = options.logLevel ?? settings.logLevel?.rawValue
        return name.flatMap(Logger.Level.init(rawValue:)) ?? .info
    }
}

extension LogFormat {
    init(_ options: Options) {
        let isTerminal = Files.isTerminal(1)
        let noColor = ProcessEnvironment.variables["NO_COLOR"].map { !$0.isEmpty } ?? false
        style =
            switch options.logFormat {
            case .json: .json
            case .text: .text
            // Without a journal nobody would read it.
            case .journal: Files.isSocket(JournalOutput.socketPath) ? .journal : .text
            case .auto: Files.isJournal(2) ? .journal : isTerminal ? .terminal : .text
            }
        colors =
            switch options.color {
            case .always: true
            case .never: false
            case .auto: isTerminal && !noColor
            }
    }
}
