internal import DequeModule
internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemPackage
internal import SystemTypes

/// Carries out on Linux what supervision asks for; belongs to the supervision loop.
///
/// The way of an end: the pidfd says that the process is gone; the log loop moves what it wrote to
/// the log; one look at the children of keepd tells what it left behind; then the exit is reported.
/// All exits that come to this point in one turn share that look.
final class LinuxHost: Host {
    /// How long an exit may be held back by a log loop that does not answer, for a disk is stuck.
    private static let drainPatience = Duration.seconds(2)

    /// How long spawns may keep the loop from anything else.
    private static let spawnTurn = Duration.milliseconds(3)

    let loop: EventLoop
    let logs: LogLoop
    let logger: Logger
    private let launcher: Launcher
    var outputs: [InstanceID: Outputs] = [:]
    var runs: [InstanceID: Run] = [:]
    /// Runs that are to be born; the first one may just be on its way.
    var toSpawn: Deque<Incarnation> = []
    /// Whether none is born, for the next daemon may have to see to it.
    var isFrozen = false { didSet { if !isFrozen { spawnSoon() } } }
    private var isSpawnDue = false
    /// Runs that a look at their trees can take further.
    private var unsettled: Set<InstanceID> = []
    let trees: Trees
    /// Keeps what another daemon needs to go on after a crash; `nil` where nobody does.
    private let store: (any DescriptorStore)?
    private var timer: TimerHandle?
    private var clock: ClockWatch?
    private var isSurveyDue = false
    /// Set once nothing shall be left at all, strays neither.
    private var isEnding = false
    private var exitStatus: Int32 = 0

    /// Where reports go; set before anything is asked.
    weak var conductor: Conductor? { didSet { attendants?.conductor = conductor } }
    private(set) var attendants: Attendants?
    var onChange: ((Change) -> Void)?
    /// An instance is not there any more.
    var onForget: (() -> Void)?
    /// What an instance writes into is another now, and nothing is in it yet.
    var onRewire: ((InstanceID) -> Void)?
    var onFinish: ((_ exitStatus: Int32) -> Void)?

    init(
        loop: EventLoop,
        logs: LogLoop,
        logger: Logger,
        launcher: Launcher,
        trees: Trees,
        store: (any DescriptorStore)?,
        notify: (NotifyState, Luggage)?
    ) throws(Errno) {
        self.loop = loop
        self.logs = logs
        self.logger = logger
        self.launcher = launcher
        self.trees = trees
        self.store = store
        trees.onOrphan = { [weak self] in self?.orphanEnded($0, $1) }
        clock = try ClockWatch(on: loop) { [weak self] in
            self?.conductor?.handle(.clockSet(offset: WallTime.lead))
        }
        attendants = try Attendants(
            loop: loop,
            logs: logs,
            logger: logger,
            launcher: launcher,
            store: store,
            notify: notify,
            owner: { trees.mains.owner(of: $0) },
            currentRun: { [weak self] in self?.runs[$0]?.incarnation }
        )
        attendants?.onMainProcess = { [weak self] in self?.appoint($1, as: $0) }
    }

    var now: Instant { .now }

    // MARK: - Starting

    /// Begins the run in one of the next turns of the loop.
    ///
    /// A spawn lasts until the new process has executed, which on a busy machine is long. So many at
    /// once are spread, and those who ask something get their answers between.
    func spawn(_ run: Incarnation) {
        toSpawn.append(run)
        spawnSoon()
    }

    private func spawnSoon() {
        guard !toSpawn.isEmpty, !isSpawnDue else { return }
        isSpawnDue = true
        loop.callSoon { [weak self] in self?.spawnSome() }
    }

    private func spawnSome() {
        isSpawnDue = false
        let end = Instant.now + LinuxHost.spawnTurn
        while !isFrozen, let run = toSpawn.first {
            spawnNow(run)
            toSpawn.removeFirst()
            guard Instant.now < end else { return spawnSoon() }
        }
    }

    private func spawnNow(_ run: Incarnation) {
        do {
            let process = try start(run)
            conductor?.handle(.spawned(run, process))
        } catch {
            conductor?.handle(.spawnFailed(run, error))
        }
    }

    private func start(_ run: Incarnation) throws(SpawnFailure) -> ProcessID {
        let (id, program) = (run.instance, program(of: run.instance))
        let outputs = try outputs(of: id, program)
        outputs.beginRun()
        var request = try launcher.request(for: program, instance: id.number) {
            logger.warning("\(program.displayName(of: id.number)): \($0)")
        }
        let tree = trees.tree(of: id)
        try tree.admit(&request, program.limits)
        try attendants?.equip(&request, for: run, of: program, streams: outputs.streams)
        do {
            let child = try loop.spawn(request, stdio: outputs.stdio) { [weak self] status in
                self?.childEnded(run, status)
            }
            store?.keep(child.descriptor, as: .process(id))
            trees.mains[child.process] = id
            outputs.note(child.process)
            tree.began(with: child)
            runs[id] = Run(run, child, tree)
            attendants?.started(run)
            return child.process
        } catch {
            throw SpawnFailure(error, request)
        }
    }

    /// The streams of an instance, also of one that has never run: its log may be older than keepd.
    func streams(of id: InstanceID) -> [StreamID] {
        if outputs[id] == nil, let program = conductor?.supervisor.program(id.program) {
            // If there is no room for them, the start will say so.
            _ = try? outputs(of: id, program)
        }
        return outputs[id]?.streams ?? []
    }

    private func outputs(
        of id: InstanceID,
        _ program: ProgramConfiguration
    ) throws(SpawnFailure) -> Outputs {
        let wiring = Wiring(program, instance: id.number)
        if let old = outputs[id] {
            if old.wiring.suits(wiring) { return old }
            logs.forget(old.streams)
            for name in Outputs.names(of: id) { store?.forget(name) }
        }
        do {
            let new = try Outputs(wiring, logs: logs, store: store)
            outputs[id] = new
            onRewire?(id)
            return new
        } catch {
            throw SpawnFailure(step: "pipe", cannot: "make a pipe", error)
        }
    }

    /// Has logs go by the present configuration, as far as that takes no new start.
    func adoptLogPolicies() {
        for (id, outputs) in outputs {
            guard let program = conductor?.supervisor.program(id.program) else { continue }
            for (stream, policy) in outputs.policies(in: program) { logs.adopt(policy, stream) }
        }
    }

    private func program(of id: InstanceID) -> ProgramConfiguration {
        guard let program = conductor?.supervisor.program(id.program) else {
            preconditionFailure("no such program: \(id)")
        }
        return program
    }

    // MARK: - Signals

    func runStopCommand(_ run: Incarnation) {
        guard let current = current(run) else { return }
        attendants?.runStopCommand(run, process: current.main)
    }

    func endStopCommand(_ run: Incarnation) {
        attendants?.endStopCommand(run)
    }

    func probe(_ run: Incarnation, _ role: ProbeRole, attempt: Int) {
        attendants?.probe(run, role, attempt: attempt)
    }

    func endProbe(_ run: Incarnation) {
        attendants?.endProbe(run)
    }

    func signal(_ run: Incarnation, _ signal: Signal, scope: SignalScope) {
        switch scope {
        case .process: current(run)?.send(signal)
        case .group:
            trees.lookAgain()
            current(run)?.sendToGroup(signal)
        }
    }

    func signalSurvivors(of run: Incarnation, _ signal: Signal) {
        guard let current = current(run), case .outlived(let survivors) = current.stage else {
            return
        }
        current.sendToOthers(signal, among: survivors)
    }

    func killTree(_ run: Incarnation) {
        guard let current = current(run) else { return }
        current.isDoomed = true
        watch(current)
    }

    private func current(_ run: Incarnation) -> Run? {
        runs[run.instance].flatMap { $0.incarnation == run ? $0 : nil }
    }

    func adopt(_ run: Incarnation) {
        let program = program(of: run.instance)
        attendants?.adopt(program, streams: outputs[run.instance]?.streams ?? [], by: run)
        do {
            try current(run)?.tree.adopt(program.limits)
        } catch {
            let name = program.displayName(of: run.instance.number)
            logger.warning("\(name): goes on with the limits that it has: \(error)")
            conductor?.handle(.limitsRefused(run, error))
        }
    }

    /// What the present run of an instance has used; `nil` where nobody counts for all of it.
    func usage(of id: InstanceID) -> TreeUsage? { runs[id]?.tree.usage }

    // MARK: - Another main process

    /// - Parameter process: Named by some process of the program.
    private func appoint(_ process: ProcessID, as run: Incarnation) {
        guard let current = current(run), case .alive = current.stage, process != current.main
        else { return }
        let name = program(of: run.instance).displayName(of: run.instance.number)
        do {
            let appointed = try AppointedProcess(process, on: loop) { [weak self] status in
                self?.ended(run, status)
            }
            // Asked now that the number cannot become another's unnoticed.
            guard trees.mains.owner(of: process) == run.instance else {
                return logger.warning("\(name): process \(process) is not its own, so not its main")
            }
            store?.keep(appointed.descriptor, as: .process(run.instance))
            current.appoint(appointed)
            trees.mains[process] = run.instance
            logger.info("\(name): the main process is \(process) now")
            conductor?.handle(.mainProcess(run, process))
        } catch {
            logger.warning("\(name): process \(process) cannot be its main: \(error.reason)")
        }
    }

    // MARK: - Ends

    func childEnded(_ run: Incarnation, _ status: ExitStatus) {
        // What it has said before may be who goes on in its place.
        attendants?.hearOut()
        if current(run)?.appointed == nil { ended(run, status) } else { surveySoon(run.instance) }
    }

    func ended(_ run: Incarnation, _ status: ExitStatus?) {
        guard let current = current(run) else { return }
        attendants?.ended(run)
        current.stage = .draining(status)
        conductor?.handle(.ended(run))
        current.patience = loop.callLater(LinuxHost.drainPatience) { [weak self] in
            self?.drained(run)
        }
        drain(run, rounds: ProgramTerminal.roundsMax)
    }

    /// Has what it wrote moved on; a terminal gives it out little by little.
    private func drain(_ run: Incarnation, rounds: Int) {
        let outputs = outputs[run.instance]
        let hasMore = outputs?.terminal?.hasMore ?? false
        logs.drain(outputs?.streams ?? []) { [weak self] in
            if hasMore, rounds > 1 {
                self?.drain(run, rounds: rounds - 1)
            } else {
                self?.drained(run)
            }
        }
    }

    private func drained(_ run: Incarnation) {
        guard let current = current(run), case .draining(let status) = current.stage else {
            return
        }
        current.patience?.cancel()
        outputs[run.instance]?.note(nil)
        current.stage = .drained(status)
        watch(current)
    }

    /// From now on it is looked at whenever somebody in its tree may have gone.
    func watch(_ run: Run) {
        let id = run.incarnation.instance
        run.tree.onChange = { [weak self] in self?.surveySoon(id) }
        surveySoon(id)
    }

    private func orphanEnded(_ process: ProcessID, _ status: ExitStatus) {
        if let id = trees.mains[process], let appointed = runs[id]?.appointed,
            appointed.process == process
        {
            appointed.ended(status)
        }
        if isEnding { surveySoon(nil) }
    }

    /// Looks at the trees in the next turn, at all for which it was asked by then.
    private func surveySoon(_ id: InstanceID?) {
        if let id { unsettled.insert(id) }
        guard !isSurveyDue else { return }
        isSurveyDue = true
        loop.callSoon { [weak self] in self?.survey() }
    }

    private func survey() {
        isSurveyDue = false
        trees.lookAgain()
        let due = unsettled
        unsettled = []
        for run in due.compactMap({ runs[$0] }) { settle(run) }
        if isEnding { end(trees.orphans) }
    }

    private func settle(_ run: Run) {
        if run.isDoomed { run.tree.kill() }
        let incarnation = run.incarnation
        switch run.stage {
        case .alive, .draining:
            // Its own end comes first.
            break
        case .drained(let status):
            let survivors = run.tree.survivors
            if status != .exited(0), let cause = run.tree.outOfMemory {
                conductor?.handle(
                    .oomKilled(incarnation, limit: cause.limit, peak: cause.peak)
                )
            }
            if survivors.isEmpty { forget(run) } else { run.stage = .outlived(survivors) }
            tell(of: survivors, incarnation)
            conductor?.handle(.exited(incarnation, status, survivors: survivors.count))
        case .outlived:
            let survivors = run.tree.survivors
            run.stage = .outlived(survivors)
            guard survivors.isEmpty else { break }
            forget(run)
            conductor?.handle(.treeGone(incarnation))
        }
    }

    private func forget(_ run: Run) {
        runs[run.incarnation.instance] = nil
        for process in run.mains { trees.mains[process] = nil }
        run.tree.ended()
    }

    private func tell(of survivors: [Descendants.Found], _ run: Incarnation) {
        guard !survivors.isEmpty else { return }
        let (id, program) = (run.instance, program(of: run.instance))
        let found = survivors.map {
            Survivor(process: $0.process, command: ProcessTable.commandLine(of: $0.process))
        }
        for survivor in found {
            logger.notice(
                "\(program.displayName(of: id.number)): left behind process \(survivor.process): \(survivor.command)"
            )
        }
        conductor?.handle(.leftBehind(run, found))
    }

    // MARK: - The rest of the seam

    func setDeadline(_ deadline: Instant?) {
        guard deadline != timer?.deadline else { return }
        timer?.cancel()
        timer = deadline.map { deadline in
            loop.callAt(deadline) { [weak self] in
                self?.timer = nil
                self?.conductor?.handle(.deadlineReached)
            }
        }
    }

    func announce(_ change: Change) {
        onChange?(change)
        attendants?.announce(change)
    }

    func skip(_ program: String) {
        logger.warning("\(program): not started, for the last run has not ended")
    }

    func forget(_ instance: InstanceID) {
        attendants?.retire(instance)
        let others = conductor?.supervisor.roster ?? []
        if !others.contains(where: { $0.program == instance.program }) {
            attendants?.retire(instance.program)
        }
        if let streams = outputs.removeValue(forKey: instance)?.streams { logs.forget(streams) }
        for name in [.process(instance)] + Outputs.names(of: instance) { store?.forget(name) }
        trees.forget(instance)
        onForget?()
    }

    func finish(status: Int32) {
        exitStatus = status
        attendants?.finish { [weak self] in self?.clearUp() }
    }

    private func clearUp() {
        isEnding = true
        trees.doomAll()
        surveySoon(nil)
    }

    /// Kills the strays that are left, and is done when none is.
    private func end(_ strays: [Descendants.Found]) {
        for stray in strays { stray.send(.kill) }
        guard strays.isEmpty, let onFinish else { return }
        self.onFinish = nil
        attendants?.close()
        clock = nil
        trees.close()
        onFinish(exitStatus)
    }
}
