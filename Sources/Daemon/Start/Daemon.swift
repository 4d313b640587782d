internal import ControlProtocol
internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes
internal import Systemd

/// Everything that lives on the supervision loop, wired together.
final class Daemon {
    private let loop: EventLoop
    private let logs: LogLoop
    private let logger: Logger
    private let host: LinuxHost
    private let conductor: Conductor
    private let configuration: Configuration
    private let path: String
    private var service: ControlService?
    private var server: ControlServer?

    init(
        _ configuration: Configuration,
        path: String,
        loop: EventLoop,
        logs: LogLoop,
        logger: Logger,
        launcher: Launcher
    ) throws(Errno) {
        self.configuration = configuration
        self.path = path
        self.loop = loop
        self.logs = logs
        self.logger = logger
        host = LinuxHost(
            loop: loop,
            logs: logs,
            logger: logger,
            launcher: launcher,
            programs: configuration.programs,
            trees: try Trees(
                loop: loop,
                logger: logger,
                usesCgroups: configuration.daemon.cgroups == .auto,
                socketPath: launcher.socketPath
            )
        )
        let supervisor = Supervisor(
            configuration,
            seed: .random(in: .min ... .max),
            at: .now
        )
        conductor = Conductor(supervisor, host: host)
        host.conductor = conductor
        host.onChange = { [unowned self] in announce($0) }
        host.onFinish = { [unowned self] in end() }
        try watchSignals()
    }

    /// Answers on a control socket, which it takes over.
    func serve(on socket: consuming OwnedFD) throws(Errno) {
        let service = ControlService(
            configuration: configuration,
            path: path,
            conductor: conductor,
            host: host,
            logs: logs,
            loop: loop
        ) { [unowned self] requester in
            logger.notice("shutting down, asked by \(requester)")
            shutDown()
        }
        self.service = service
        server = try ControlServer(socket, loop: loop, service: service)
    }

    /// Starts what is to be started, and runs until all has been stopped.
    func run() {
        logger.notice("keepd \(Release.version), configured by \(path)")
        conductor.handle(.begin)
        // Most of the memory is code that only the start has run; see docs/performance.md.
        loop.callSoon { ProcessMemory.forgetCode() }
        loop.run()
    }

    // MARK: - The end

    private func watchSignals() throws(Errno) {
        for signal in [Signal.terminate, .interrupt, .quit] {
            try loop.addSignalHandler(signal) { [unowned self] in
                guard conductor.supervisor.isShuttingDown else {
                    logger.notice("shutting down on signal \(signal)")
                    return shutDown()
                }
                logger.warning("signal \(signal) again: killing what is left")
                conductor.handle(.killAll)
            }
        }
        try loop.addSignalHandler(.user1) { [unowned self] in
            logs.reopen { [logger] in logger.info("log files reopened") }
        }
        for (signal, deed) in [(Signal.hangUp, "reload"), (.user2, "re-execute")] {
            try loop.addSignalHandler(signal) { [unowned self] in
                logger.warning("cannot \(deed) on signal \(signal): not implemented yet")
            }
        }
    }

    private func shutDown() {
        ServiceNotification.stopping.send()
        conductor.handle(.shutDown)
    }

    /// Nothing runs any more.
    ///
    /// The connections stay: a client that waits for the end of the daemon sees them close, and
    /// that is when the process is gone.
    private func end() {
        loop.stop()
    }

    // MARK: - Changes

    private func announce(_ change: Change) {
        logger.log(level: change.level, "\(change.name): \(change)")
        service?.changed(change)
    }
}

extension Change {
    /// It ended, and nobody had asked it to.
    private var isCrash: Bool {
        switch cause {
        case .exit, .signal, .outOfMemory, .startTimeout, .probe, .watchdog, .unknown:
            process == nil
        case .spawnFailed, .stopped, .dependency, nil: false
        }
    }

    fileprivate var level: Logger.Level {
        switch to {
        case .fatal: .error
        case .backoff: .warning
        case .starting where isCrash: .warning
        case .starting where process == nil && cause == nil: .debug
        case .stopped, .waiting, .starting, .running, .stopping, .exited: .info
        }
    }
}
