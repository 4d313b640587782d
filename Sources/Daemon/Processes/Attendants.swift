internal import LinuxSystem
internal import Logging
internal import OrderedCollections
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// All that goes with the runs of programs and is not the program itself: its sockets, what it says
/// of itself, the questions it is asked, and the commands that are run for its sake.
///
/// Belongs to the supervision loop.
final class Attendants {
    private let loop: EventLoop
    private let logs: LogLoop
    private let logger: Logger
    private let launcher: Launcher
    private let sockets: SocketKeeper
    private let store: (any DescriptorStore)?
    private let probes: ProbeRunner
    private let hooks: HookRunner
    private let watcher: ProgramWatcher
    private var notify: NotifySocket?
    private var readyPipes: [InstanceID: ReadyPipe] = [:]
    private var stopCommands: [Incarnation: Errand] = [:]
    /// The present run of an instance; `nil` while there is none.
    private let currentRun: (InstanceID) -> Incarnation?

    /// Where reports go; set before anything is asked.
    weak var conductor: Conductor?
    /// A run has named its main process; whether it may is not decided here.
    var onMainProcess: ((Incarnation, ProcessID) -> Void)?

    /// - Parameters:
    ///   - given: The socket that another daemon has bound for what programs say.
    ///   - owner: Whose process that is.
    init(
        loop: EventLoop,
        logs: LogLoop,
        logger: Logger,
        launcher: Launcher,
        store: (any DescriptorStore)?,
        notify given: (NotifyState, Luggage)?,
        owner: @escaping (ProcessID) -> InstanceID?,
        currentRun: @escaping (InstanceID) -> Incarnation?
    ) throws(Errno) {
        self.loop = loop
        self.logs = logs
        self.logger = logger
        self.launcher = launcher
        self.currentRun = currentRun
        self.store = store
        sockets = SocketKeeper(store: store)
        probes = ProbeRunner(loop: loop)
        hooks = HookRunner(loop: loop, logger: logger)
        watcher = ProgramWatcher(loop: loop, logger: logger)
        notify = try NotifySocket(
            beside: launcher.socketPath,
            or: given,
            loop: loop,
            owner: owner
        ) { [weak self] instance, message in
            guard let self, let run = currentRun(instance) else { return }
            heed(message, of: run)
        }
        if let raw = notify?.descriptor { store?.keep(raw, as: .notify) }
        watcher.onChange = { [weak self] in self?.conductor?.handle(.filesChanged($0)) }
    }

    /// Calls back when those have ended that were told of ends.
    func finish(then done: @escaping () -> Void) {
        hooks.finish(then: done)
    }

    func close() {
        notify?.close()
        watcher.close()
        sockets.releaseAll()
    }

    // MARK: - Another daemon

    /// Gives up what can be asked for anew; what waits is begun.
    func forgetRequests() {
        watcher.report()
        probes.abandonAll()
        hooks.startAll()
    }

    func state(_ luggage: Luggage) -> AttendantsState {
        AttendantsState(
            sockets: sockets.state(luggage),
            notify: notify?.state(luggage),
            readyPipes: readyPipes.compactMap { id, pipe in
                pipe.readingDescriptor.map {
                    ReadyPipeState(instance: id, descriptor: luggage.pack($0))
                }
            },
            stopCommands: stopCommands.compactMap { run, errand in
                errand.state(luggage).map { StopCommandState(incarnation: run, errand: $0) }
            },
            hooks: hooks.state(luggage),
            watches: watcher.state(luggage)
        )
    }

    /// - Parameter runs: Takes over the runs.
    func restore(
        _ state: AttendantsState,
        _ luggage: Luggage,
        _ runs: () throws(Errno) -> Void
    ) throws(Errno) {
        try watcher.restore(state.watches, luggage, runs)
        try sockets.restore(state.sockets, luggage)
        for pipe in state.readyPipes {
            let reading = try luggage.unpack(pipe.descriptor)
            guard let run = currentRun(pipe.instance) else { continue }
            readyPipes[pipe.instance] = try ReadyPipe(reading, on: loop) { [weak self] in
                self?.ready(run)
            }
        }
        for command in state.stopCommands {
            let run = command.incarnation
            stopCommands[run] = try Errand(command.errand, luggage, on: loop) { [weak self] in
                self?.stopCommandEnded(run, $0)
            }
        }
        try hooks.restore(state.hooks, luggage)
    }

    private func program(of run: Incarnation) -> ProgramConfiguration? {
        conductor?.supervisor.program(run.instance.program)
    }

    // MARK: - Runs

    /// Adds to a request what the program is given besides its standard descriptors.
    func equip(
        _ request: inout SpawnRequest,
        for run: Incarnation,
        of program: ProgramConfiguration,
        streams: [StreamID]
    ) throws(SpawnFailure) {
        try sockets.pass(program, instance: run.instance.number, to: &request)
        var watchdog: Duration?
        if case .watchdog(let limit) = program.policy.health?.check { watchdog = limit }
        if let notify, program.ready == .notify || watchdog != nil {
            request.environment.append("NOTIFY_SOCKET=\(notify.address)")
        }
        if let watchdog {
            request.environment.append("WATCHDOG_USEC=\(watchdog.nanoseconds / 1_000)")
            request.pidVariables.append("WATCHDOG_PID")
        }
        switch program.ready {
        case .descriptor(let number):
            let pipe = try readyPipe(for: run)
            readyPipes[run.instance] = pipe
            if let raw = pipe.readingDescriptor { store?.keep(raw, as: .ready(run.instance)) }
            request.descriptors[number] = pipe.descriptor
        case .log, .notify, .probe, nil:
            break
        }
        adopt(program, streams: streams, by: run)
    }

    /// Goes by what can be another for a program that runs.
    func adopt(_ program: ProgramConfiguration, streams: [StreamID], by run: Incarnation) {
        if case .log(let pattern) = program.ready {
            logs.watch(streams, for: pattern) { [weak self] in self?.ready(run) }
        }
        watcher.watch(program)
    }

    private func readyPipe(for run: Incarnation) throws(SpawnFailure) -> ReadyPipe {
        do {
            return try ReadyPipe(on: loop) { [weak self] in self?.ready(run) }
        } catch {
            throw SpawnFailure(step: "pipe", cannot: "make a pipe", error)
        }
    }

    private func ready(_ run: Incarnation) {
        guard currentRun(run.instance) == run else { return }
        conductor?.handle(.ready(run))
    }

    /// The process has its own end of what it was given.
    func started(_ run: Incarnation) {
        readyPipes[run.instance]?.closeWriting()
    }

    func ended(_ run: Incarnation) {
        if readyPipes.removeValue(forKey: run.instance) != nil {
            store?.forget(.ready(run.instance))
        }
        probes.abandon(run)
    }

    /// Gives up what an instance that is not to run any more has kept.
    func retire(_ instance: InstanceID) {
        sockets.release(instance)
    }

    /// Gives up what a program that is not to run any more has kept.
    func retire(_ program: String) {
        sockets.release(program)
        watcher.forget(program)
    }

    // MARK: - What programs say

    /// Heeds what has been said by now.
    func hearOut() {
        notify?.receive()
    }

    private func heed(_ message: ProgramMessage, of run: Incarnation) {
        guard let conductor else { return }
        switch message {
        case .ready: conductor.handle(.ready(run))
        case .status(let text): conductor.handle(.statusText(run, text))
        case .alive: conductor.handle(.pinged(run))
        case .watchdogTriggered: conductor.handle(.watchdogTriggered(run))
        case .extendTimeout(let time): conductor.handle(.extended(run, time))
        case .reloading: conductor.handle(.statusText(run, "reloading"))
        case .stopping: conductor.handle(.statusText(run, "stopping"))
        case .mainProcess(let process): onMainProcess?(run, process)
        }
    }

    // MARK: - Questions

    func probe(_ run: Incarnation, _ role: ProbeRole, attempt: Int) {
        let answer: (String?) -> Void = { [weak self] failure in
            self?.conductor?.handle(
                .probeAnswered(run, role, attempt: attempt, failure: failure)
            )
        }
        guard let program = program(of: run),
            let probe = program.probe(for: role)?.probe(instance: run.instance.number)
        else {
            loop.callSoon { answer("there is no such port") }
            return
        }
        probes.ask(
            probe,
            of: run,
            request: { [launcher] (words) throws(SpawnFailure) in
                try launcher.request(
                    toRun: words,
                    as: program,
                    instance: run.instance.number
                )
            },
            answer: answer
        )
    }

    func endProbe(_ run: Incarnation) {
        probes.abandon(run)
    }

    // MARK: - Commands

    func runStopCommand(_ run: Incarnation, process: ProcessID) {
        guard let program = program(of: run), let command = program.stopCommand else {
            preconditionFailure("no command to stop \(run)")
        }
        let number = run.instance.number
        do {
            let request = try launcher.request(
                toRun: command.map { $0.text(instance: number) },
                as: program,
                instance: number,
                variables: ["KEEPD_PID": "\(process)", "MAINPID": "\(process)"]
            )
            stopCommands[run] = try Errand(
                request,
                stdio: (0, 1, 2),
                limit: nil,
                on: loop
            ) { [weak self] ending in
                self?.stopCommandEnded(run, ending)
            }
        } catch {
            let reason = (error as? SpawnFailure)?.message ?? "\(error)"
            logger.warning("\(program.displayName(of: number)): stop.before: \(reason)")
            loop.callSoon { [weak self] in self?.conductor?.handle(.stopCommandEnded(run)) }
        }
    }

    private func stopCommandEnded(_ run: Incarnation, _ ending: Errand.Ending) {
        stopCommands[run] = nil
        if ending != .ended(.exited(0)) {
            logger.warning("\(run.instance.program): stop.before failed: \(ending)")
        }
        conductor?.handle(.stopCommandEnded(run))
    }

    func endStopCommand(_ run: Incarnation) {
        stopCommands.removeValue(forKey: run)?.cancel()
    }

    /// Runs the hooks that are for a change.
    func announce(_ change: Change) {
        guard let instance = conductor?.supervisor.instances[change.instance],
            let program = conductor?.supervisor.program(change.instance.program)
        else { return }
        for event in change.hookEvents {
            guard let command = program.hooks[event] else { continue }
            run(command, for: event, instance, program, at: WallTime(change.at))
        }
    }

    private func run(
        _ command: [Template],
        for event: HookEvent,
        _ instance: Instance,
        _ program: ProgramConfiguration,
        at time: WallTime
    ) {
        let notice = HookNotice(event, instance, at: time)
        let title = "\(instance.name): hook \(event.rawValue)"
        do {
            let request = try launcher.request(
                toRun: command.map { $0.text(instance: instance.id.number) },
                as: program,
                instance: instance.id.number,
                variables: notice.variables
            )
            hooks.run(
                HookRunner.Hook(
                    title: title,
                    program: program.name,
                    request: request,
                    input: notice.bytes
                )
            )
        } catch {
            logger.warning("\(title) cannot be run: \(error)")
        }
    }
}

extension ProgramConfiguration {
    fileprivate func probe(for role: ProbeRole) -> ProbeTemplate? {
        switch (role, ready) {
        case (.health, _): health
        case (.ready, .probe(let probe)): probe
        case (.ready, _): nil
        }
    }
}

extension Change {
    /// What hooks can be set for.
    fileprivate var hookEvents: [HookEvent] {
        if let isHealthy { return [isHealthy ? .healthy : .unhealthy] }
        guard from != to else { return [] }
        let event = HookEvent(rawValue: to.rawValue)
        return [event, to == .running ? .ready : nil].compactMap(\.self)
    }
}
