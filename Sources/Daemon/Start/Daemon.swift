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
    private let registry: Registry
    private var exitStatus: Int32 = 0
    private var service: ControlService?
    private var server: ControlServer?
    private var reexecution: Reexecution?
    private let launcher: Launcher
    /// What another daemon has left in this process.
    private let parcel: Parcel?

    init(
        _ registry: Registry,
        loop: EventLoop,
        logs: LogLoop,
        logger: Logger,
        launcher: Launcher,
        resuming parcel: Parcel?
    ) throws(Errno) {
        self.registry = registry
        self.loop = loop
        self.logs = logs
        self.logger = logger
        self.launcher = launcher
        self.parcel = parcel
        let left = parcel?.handover
        host = try LinuxHost(
            loop: loop,
            logs: logs,
            logger: logger,
            launcher: launcher,
            trees: try Trees(
                loop: loop,
                logger: logger,
                usesCgroups: registry.intent.declared.daemon.cgroups == .auto,
                socketPath: launcher.socketPath,
                resuming: left?.host.trees
            ),
            notify: left?.host.attendants.notify.flatMap { notify in
                parcel.map { (notify, $0.luggage) }
            }
        )
        let supervisor =
            left.map { Supervisor(restoring: $0.supervisor, at: .now) }
            ?? Supervisor(
                registry.intent.configuration,
                seed: .random(in: .min ... .max),
                at: .now,
                offset: WallTime.lead
            )
        conductor = Conductor(supervisor, host: host)
        host.conductor = conductor
        registry.conductor = conductor
        registry.onChange { [host] _ in host.adoptLogPolicies() }
        host.onChange = { [unowned self] in announce($0) }
        host.onFinish = { [unowned self] in end(with: $0) }
        if let parcel { try host.restore(parcel.handover.host, parcel.luggage) }
        try watchSignals()
    }

    /// Answers on a control socket, which it takes over.
    func serve(on socket: consuming OwnedFD, memory: LogMemory) throws(Errno) {
        let listener = socket.raw
        let service = ControlService(
            registry: registry,
            conductor: conductor,
            host: host,
            logs: logs,
            loop: loop,
            logger: logger,
            memory: memory,
            events: parcel?.handover.control.events ?? EventLog()
        ) { [unowned self] requester in
            logger.notice("shutting down, asked by \(requester)")
            shutDown()
        }
        self.service = service
        service.onReexec = { [unowned self] in reexecute(refused: $0) }
        let server = try ControlServer(
            socket,
            loop: loop,
            service: service,
            access: Access(registry.intent.declared.daemon)
        )
        self.server = server
        reexecution = Reexecution(
            loop: loop,
            logs: logs,
            host: host,
            registry: registry,
            conductor: conductor,
            server: server
        ) { [unowned self] frozen, luggage in
            handover(frozen, luggage, listener: listener, service, server)
        }
        if let parcel {
            try server.restore(parcel.handover.control.connections, parcel.luggage)
        }
        host.onForget = { [weak service] in service?.rosterChanged() }
        registry.onChange { [unowned self] settings in
            self.service?.rosterChanged()
            // Not at once, for the call that has changed it is still to be answered.
            loop.callSoon { [weak self] in self?.server?.change(Access(settings)) }
        }
    }

    /// Starts what is to be started, and runs until all has been stopped.
    ///
    /// - Returns: The exit status, which `exitWhen` may have taken from a program.
    func run() -> Int32 {
        if parcel == nil {
            logger.notice("keepd \(Release.version), configured by \(registry.path)")
            conductor.handle(.begin)
        } else {
            logger.notice("keepd \(Release.version), executed anew")
            conductor.handle(.clockSet(offset: WallTime.lead))
            conductor.handle(.resumed)
            logs.thaw(host.streams)
        }
        // Most of the memory is code that only the start has run; see docs/performance.md.
        loop.callSoon { ProcessMemory.forgetCode() }
        loop.run()
        return exitStatus
    }

    // MARK: - The next daemon

    /// - Parameter refused: Called if this one goes on.
    private func reexecute(refused: @escaping (Reexecution.Refusal) -> Void) {
        reexecution?.begin { [logger] refusal in
            logger.error("not executed anew: \(refusal.reason)")
            for line in refusal.output.split(separator: "\n") { logger.error("it says: \(line)") }
            refused(refusal)
        }
    }

    private func handover(
        _ frozen: [StreamID: FrozenStream],
        _ luggage: Luggage,
        listener: CInt,
        _ service: ControlService,
        _ server: ControlServer
    ) -> Handover {
        Handover(
            process: ProcessTable.current,
            configurationPath: registry.configurationPath,
            openFilesMax: launcher.surroundings.openFilesMax,
            intent: registry.intent,
            supervisor: conductor.supervisor.state,
            host: host.state(frozen, luggage),
            control: ControlState(
                path: launcher.socketPath,
                listener: luggage.pack(listener),
                connections: server.state(luggage),
                events: service.eventLog,
                lines: service.memory.lines
            )
        )
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
        try loop.addSignalHandler(.hangUp) { [unowned self] in reload() }
        try loop.addSignalHandler(.user2) { [unowned self] in
            guard !conductor.supervisor.isShuttingDown else {
                return logger.warning("not executed anew on signal USR2: keepd is shutting down")
            }
            logger.notice("executing \(Release.version) anew on signal USR2")
            reexecute { _ in }
        }
    }

    /// As the call Apply does, but nobody waits for it.
    private func reload() {
        registry.load { [unowned self] result in
            switch result {
            case .failure(let errors):
                for error in errors.errors { logger.error("\(error)") }
                logger.error("configuration not changed: it does not load")
            case .success where conductor.supervisor.isShuttingDown:
                break
            case .success(let configuration):
                let proposal = registry.proposal(for: configuration)
                for line in proposal.plan.description.split(separator: "\n") {
                    logger.info("\(line)")
                }
                registry.apply(proposal, by: .keepd)
                logger.notice("configuration \(proposal.plan.isEmpty ? "is the same" : "changed")")
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
    private func end(with status: Int32) {
        exitStatus = status
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
