internal import ControlProtocol
internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// The daemon, from its start to its end; call ``run(_:)`` from a synchronous `main()`.
public enum Keepd {
    /// The signals that keepd reads, and those that mean nothing to it and would end it.
    ///
    /// All are blocked before the first thread is made, and threads inherit that.
    private static let signals: Set<Signal> = [
        .terminate, .interrupt, .quit, .power, .halt, .hangUp, .user1, .user2, .child,
        .brokenPipe, .alarm, .virtualAlarm, .profilingAlarm, .inputOutput,
    ]

    public static var version: String { Release.version }

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
            if HolderStart.isWanted(by: options) { try HolderStart.execute(options) }
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
        if let parcel = try Parcel.take() {
            return try resume(options, parcel, Inheritance(of: parcel.handover))
        }
        // Before anything else is opened, and whatever the configuration says.
        var passed = ServiceDescriptors()
        let inheritance = Inheritance(passed: passed.kept)
        if let parcel = inheritance.salvage() {
            inheritance.forgetTheRest()
            return try resume(options, parcel, inheritance, passed.takeSocket())
        }
        inheritance.forgetTheRest()
        let source: ConfigurationSource =
            options.command.isEmpty ? .file(try find(options)) : .command(options.command)
        let configuration = try load(source)
        // First, for a socket would have to be removed where this fails.
        let settings = configuration.daemon
        for directory in [settings.logDirectory, settings.stateDirectory].compactMap(\.self) {
            try makeDirectory(directory)
        }
        let socket = try openSocket(options, settings, passed.takeSocket())
        return try serve(options, settings, socket, inheritance) { loop, pool, logger in
            Registry(configuration, of: source, loop: loop, pool: pool, logger: logger)
        }
    }

    /// Goes on where a daemon was that has executed this one, or has crashed.
    ///
    /// - Parameter passed: The control socket, where the service manager has it.
    private static func resume(
        _ options: Options,
        _ parcel: Parcel,
        _ inheritance: Inheritance,
        _ passed: consuming OwnedFD? = nil
    ) throws(Failure) -> Int32 {
        let (control, intent) = (parcel.handover.control, parcel.handover.intent)
        let source =
            parcel.handover.configurationPath.flatMap(ConfigurationFile.init(path:))
            .map(ConfigurationSource.file)
            ?? .command(options.command)
        let socket: ControlSocket
        do {
            let listener = try parcel.luggage.unpack(control.listener)
            if let passed {
                socket = try ControlSocket(passed: passed, instead: control.path)
            } else {
                socket = ControlSocket(control.path, isOwn: control.isOwn, adopting: listener)
            }
        } catch {
            throw Failure(code: .system, message: "keepd: cannot go on from another: \(error)")
        }
        return try serve(options, intent.declared.daemon, socket, inheritance, parcel) {
            loop,
            pool,
            _ in
            Registry(intent, of: source, loop: loop, pool: pool)
        }
    }

    private static func serve(
        _ options: Options,
        _ settings: DaemonConfiguration,
        _ socket: consuming ControlSocket,
        _ inheritance: Inheritance,
        _ parcel: Parcel? = nil,
        _ registry: (EventLoop, ThreadPool, Logger) -> Registry
    ) throws(Failure) -> Int32 {
        let socket = socket
        defer { socket.remove() }
        do {
            return try run(options, settings, socket, inheritance, parcel, registry)
        } catch {
            throw Failure(code: .system, message: "keepd: cannot start: \(error)")
        }
    }

    private static func run(
        _ options: Options,
        _ settings: DaemonConfiguration,
        _ socket: borrowing ControlSocket,
        _ inheritance: Inheritance,
        _ parcel: Parcel?,
        _ makeRegistry: (EventLoop, ThreadPool, Logger) -> Registry
    ) throws(Errno) -> Int32 {
        let loop = try EventLoop()
        let logs = try LogLoop(
            home: loop,
            format: LogFormat(options),
            root: settings.logDirectory ?? StandardDirectory.logs,
            store: inheritance.store
        )
        let threshold = LogThreshold(level(options, settings))
        let memory = LogMemory(parcel?.handover.control.lines ?? LogMemory.Lines())
        let logger = Logger(label: "keepd") { _ in
            ConsoleLog(logs: logs, memory: memory, threshold: threshold)
        }
        // Also where another daemon has done so, for it may have been in another process.
        let openFilesMax = ProcessEnvironment.raiseDescriptorLimit()
        let launcher = Launcher(
            Launcher.Surroundings(
                environment: inheritableEnvironment,
                socketPath: socket.path,
                openFilesMax: parcel?.handover.openFilesMax ?? openFilesMax
            )
        )
        let pool = ThreadPool(threadsMax: 2)
        let registry = makeRegistry(loop, pool, logger)
        registry.onChange { threshold.level = level(options, $0) }
        let daemon = try Daemon(
            registry,
            loop: loop,
            logs: logs,
            logger: logger,
            launcher: launcher,
            inheritance: inheritance,
            resuming: parcel
        )
        try daemon.serve(
            on: .duplicate(socket.listener.raw),
            isOwn: socket.isOwn,
            memory: memory
        )
        let status = daemon.run()
        pool.shutDown()
        logs.close()
        inheritance.channel?.flush(within: .seconds(1))
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
            HolderLink.variable,
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
            // Programs are told of it, and each has a directory of its own.
            return try ControlSocket(absolute(path), settings.socket)
        } catch {
            throw Failure(code: error.exitCode, message: "keepd: \(error)")
        }
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(ProcessEnvironment.workingDirectory)/\(path)"
    }

    private static func makeDirectory(_ path: String) throws(Failure) {
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
