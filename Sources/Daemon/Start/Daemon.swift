internal import ControlProtocol
internal import LinuxSystem
internal import Logging
internal import OrderedCollections
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// Everything that lives on the supervision loop, wired together.
final class Daemon {
    private let loop: EventLoop
    private let logs: LogLoop
    private let logger: Logger
    private let host: LinuxHost
    private let conductor: Conductor
    private let registry: Registry
    private var exitStatus: Int32 = 0
    private let inheritance: Inheritance
    private var holder: HolderStore? { inheritance.holder }
    private var testament: Testament?
    private var service: ControlService?
    private var server: ControlServer?
    /// Whether the file of the control socket is keepd's own.
    private var isSocketOwn = true
    /// `nil` where no service manager listens.
    private let reporter: ServiceReporter?
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
        inheritance: Inheritance,
        resuming parcel: Parcel?
    ) throws(Errno) {
        self.registry = registry
        self.loop = loop
        self.logs = logs
        self.logger = logger
        self.launcher = launcher
        self.inheritance = inheritance
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
                holder: inheritance.holder?.process,
                resuming: left?.host.trees
            ),
            store: inheritance.store,
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
        reporter =
            inheritance.channel.map { [conductor] in
                ServiceReporter($0, loop: loop, conductor: conductor)
            }
        host.conductor = conductor
        registry.conductor = conductor
        registry.onChange { [host] _ in host.adoptLogPolicies() }
        host.onChange = { [unowned self] in announce($0) }
        host.onFinish = { [unowned self] in end(with: $0) }
        if let parcel { try host.restore(parcel.handover.host, parcel.luggage) }
        try watchSignals()
    }

    /// Answers on a control socket, which it takes over.
    ///
    /// - Parameter isOwn: Whether its file is keepd's own.
    func serve(on socket: consuming OwnedFD, isOwn: Bool, memory: LogMemory) throws(Errno) {
        isSocketOwn = isOwn
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
            shutDown(by: requester)
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
            server: server,
            inheritance: inheritance
        ) { [unowned self] frozen, luggage in
            handover(frozen, luggage, listener: listener, service, server)
        }
        if let parcel {
            try server.restore(parcel.handover.control.connections, parcel.luggage)
        }
        try leaveTestament(listener) { [unowned self] in
            handover([:], Luggage(), listener: listener, service, server)
        }
        host.onForget = { [unowned self, weak service] in
            service?.rosterChanged()
            testament?.stateChanged()
        }
        registry.onChange { [unowned self] settings in
            self.service?.rosterChanged()
            // Not at once, for the call that has changed it is still to be answered.
            loop.callSoon { [weak self] in self?.server?.change(Access(settings)) }
        }
    }

    /// Has the next daemon find what it needs if this one is killed.
    private func leaveTestament(
        _ listener: CInt,
        _ makeHandover: @escaping () -> Handover
    ) throws(Errno) {
        guard let store = inheritance.store else { return }
        store.keep(listener, as: .control)
        testament = try Testament(
            store,
            goingOnWith: inheritance.ledger,
            loop: loop,
            logger: logger,
            conductor: conductor,
            makeHandover: makeHandover
        )
        testament?.stateChanged()
        registry.onIntent = { [weak testament] in testament?.stateChanged() }
        service?.onEvent = { [weak testament] in testament?.noteEvent($0) }
        try holder?.listen(on: loop, logger: logger) { [host] exit in
            host.trees.orphanEnded(exit.process, exit.status)
        }
    }

    /// Starts what is to be started, and runs until all has been stopped.
    ///
    /// - Returns: The exit status, which `exitWhen` may have taken from a program.
    func run() -> Int32 {
        // Before there is anything that a crash could leave alone.
        holder?.serve()
        begin()
        reporter?.begin()
        // Most of the memory is code that only the start has run; see docs/performance.md.
        loop.callSoon { ProcessMemory.forgetCode() }
        loop.run()
        return exitStatus
    }

    private func begin() {
        guard let parcel else {
            logger.notice("keepd \(Release.version), configured by \(registry.path)")
            return conductor.handle(.begin)
        }
        let hasCrashed = parcel.handover.host.trees.spared != nil
        let how = hasCrashed ? "going on after a crash" : "executed anew"
        logger.notice("keepd \(Release.version), \(how)")
        conductor.handle(.clockSet(offset: WallTime.lead))
        conductor.handle(.resumed)
        logs.thaw(host.streams)
        guard hasCrashed else { return }
        host.renewLimits()
        for instance in conductor.supervisor.instances.values {
            // The command has gone with the daemon that ran it.
            guard case .preparing = instance.machine.state else { continue }
            conductor.handle(.stopCommandEnded(instance.incarnation))
        }
        // What the files say now, as whoever starts keepd expects.
        reload()
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
                isOwn: isSocketOwn,
                listener: luggage.pack(listener),
                connections: server.state(luggage),
                events: service.eventLog,
                lines: service.memory.lines
            ),
            stored: inheritance.store?.names.map(\.description).sorted() ?? []
        )
    }

    // MARK: - The end

    private func watchSignals() throws(Errno) {
        for signal in [Signal.terminate, .interrupt, .quit, .power, .halt] {
            try loop.addSignalHandler(signal) { [unowned self] in
                guard conductor.supervisor.isShuttingDown else {
                    logger.notice("shutting down on signal \(signal)")
                    return shutDown(by: .keepd)
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
        reporter?.reloading()
        registry.load { [unowned self] result in
            defer { reporter?.reloaded() }
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

    private func shutDown(by requester: Requester) {
        holder?.end()
        conductor.handle(.shutDown(by: requester))
        reporter?.changed()
    }

    /// Nothing runs any more.
    ///
    /// The connections stay: a client that waits for the end of the daemon sees them close, and
    /// that is when the process is gone.
    private func end(with status: Int32) {
        service?.tellFollowers()
        exitStatus = status
        loop.stop()
    }

    // MARK: - Changes

    private func announce(_ change: Change) {
        logger.log(
            level: change.level,
            "\(change.name): \(change)",
            metadata: ConsoleLog.metadata(of: change.instance)
        )
        service?.changed(change)
        reporter?.changed()
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
