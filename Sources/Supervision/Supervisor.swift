import DequeModule
public import OrderedCollections
public import SystemTypes

/// All programs: which instances there are, what was asked of them, and how the daemon ends.
///
/// A value, like the machines in it, and for the same reasons. See ``ProcessMachine``.
public struct Supervisor: Sendable {
    public enum Order: Equatable, Sendable {
        /// Of what it needs as well, where that is not up.
        case start
        /// First of what needs it.
        case stop
        /// A stop, and a start of what is then stopped; a start where nothing runs.
        ///
        /// What needs it runs on meanwhile.
        case restart
        /// Carried out only while a process lives.
        case signal(Signal)
    }

    public enum Event: Equatable, Sendable {
        /// Starts what `autostart` says.
        case begin
        /// Another host carries out what is asked from now on, and has what is left of the one
        /// before.
        case resumed
        case order(Order, InstanceID, by: Requester)
        /// Restarts one after the other, each when the one before is ready.
        case rollingRestart([InstanceID], by: Requester)
        case scale(String, to: Int, by: Requester)
        /// Whether a program starts with the daemon.
        case enable(String, Bool)
        case configure(Plan, by: Requester)
        /// What a program wants to be restarted for.
        case filesChanged(String)
        /// By how much the clock on the wall is now ahead of that of ``Instant``.
        case clockSet(offset: Duration)

        case spawned(Incarnation, ProcessID)
        case spawnFailed(Incarnation, SpawnFailure)
        /// The program says that it is.
        case ready(Incarnation)
        case mainProcess(Incarnation, ProcessID)
        case statusText(Incarnation, String)
        /// The program asks for that much time from now on.
        case extended(Incarnation, Duration)
        case stopCommandEnded(Incarnation)
        /// `failure`: what was wrong, for a person to read; `nil` if all is well.
        case probeAnswered(Incarnation, ProbeRole, attempt: Int, failure: String?)
        /// A sign of life, for the watchdog.
        case pinged(Incarnation)
        /// The program itself says that it is out of order.
        case watchdogTriggered(Incarnation)
        /// The limits that come with `adopt`, or some of them, are not to be had.
        case limitsRefused(Incarnation, SpawnFailure)
        /// The process has ended; how, is told by `exited`, when what it printed is where it belongs.
        case ended(Incarnation)
        /// Comes before `exited`, and says why.
        case oomKilled(Incarnation, limit: UInt64, peak: UInt64)
        /// `nil` where nobody can say how.
        case exited(Incarnation, ExitStatus?, survivors: Int)
        /// What was there when the main process had ended.
        case leftBehind(Incarnation, [Survivor])
        case treeGone(Incarnation)

        /// The clock has reached ``Supervisor/deadline``.
        case deadlineReached
        /// Stop everything; from now on nothing is started.
        case shutDown(by: Requester)
        /// As `shutDown`, without patience.
        case killAll
    }

    public enum Effect: Equatable, Sendable {
        case spawn(Incarnation)
        case probe(Incarnation, ProbeRole, attempt: Int)
        case endProbe(Incarnation)
        case runStopCommand(Incarnation)
        case endStopCommand(Incarnation)
        case signal(Incarnation, Signal, SignalScope)
        case signalSurvivors(Incarnation, Signal)
        case killTree(Incarnation)
        case adopt(Incarnation)
        case announce(Change)
        /// A scheduled run was due, and the one before it has not ended.
        case skip(String)
        /// The instance is not there any more, and no more will be asked of it.
        case forget(InstanceID)
        /// After `shutDown`: nothing is left that could end.
        case finish(status: Int32)
    }

    enum Stage: Equatable, Codable {
        case serving
        case stopping(killAt: Instant)
        case killing
        case finished
    }

    public internal(set) var instances: OrderedDictionary<InstanceID, Instance> = [:]
    var programs: OrderedDictionary<String, Membership> = [:]
    var shutdownTimeout: Duration
    var exitWhen: DaemonConfiguration.ExitWhen
    /// Of the first program that has failed for good.
    var firstFailure: Int32?
    /// The programs have decided that it is over.
    var mustEnd = false
    var exitStatus: Int32 = 0
    var hasBegun = false
    /// The programs that have a timetable.
    var scheduled: [String] = []
    var offset: Duration
    var rolling: [RollingRestart] = []
    /// Instances that are forgotten when they have ended.
    var retiring: [InstanceID] = []
    /// How far the runs of forgotten instances were counted, for one may come that is called the
    /// same.
    var serials: [InstanceID: Int] = [:]
    var stage = Stage.serving
    var deadlines = Deadlines()
    var pace: StartPace
    /// Whose spawns wait for their turn.
    var queue: Deque<InstanceID> = []
    var random: SplitMix64
    /// Is told of each event and of the machine that it meets; for simulations, which count them.
    package var onMeeting: (@Sendable (ProcessMachine, ProcessMachine.Event) -> Void)?
    /// How many instances are not at rest.
    var busy = 0

    // Of the event that is being handled.
    var now: Instant
    var effects: [Effect] = []
    /// Programs that have changed, so that those which wait for them may go on.
    var affected: [String] = []
    /// Instances that may be others than before, those that are gone too; may name one twice.
    public internal(set) var touched: [InstanceID] = []

    /// - Parameter offset: By how much the clock on the wall is ahead of that of ``Instant``.
    public init(
        _ configuration: Configuration,
        seed: UInt64,
        at now: Instant,
        offset: Duration = .zero
    ) {
        self.offset = offset
        exitWhen = configuration.daemon.exitWhen
        random = SplitMix64(seed: seed)
        shutdownTimeout = configuration.daemon.shutdownTimeout
        pace = StartPace(configuration.daemon.starts)
        self.now = now
        for program in configuration.programs { add(program) }
        link()
        affected = []
        updateTimetables(changed: Set(programs.keys))
    }

    mutating func add(_ program: ProgramConfiguration) {
        programs[program.name] = Membership(program: program)
        let ids = (0..<program.instances).map { InstanceID(program: program.name, number: $0) }
        programs[program.name]?.instances = ids
        for id in ids { insert(id) }
    }

    mutating func insert(_ id: InstanceID) {
        guard let program = programs[id.program]?.program else {
            preconditionFailure("no such program: \(id)")
        }
        instances[id] = Instance(
            id: id,
            name: program.displayName(of: id.number),
            policy: program.policy,
            after: serials[id] ?? 0,
            at: now
        )
    }

    public var isShuttingDown: Bool { stage != .serving }

    /// When the supervisor wants ``Event/deadlineReached``; `nil` for never.
    public var deadline: Instant? {
        var all = [deadlines.first, queue.isEmpty ? nil : pace.nextAt, nextScheduled]
            .compactMap(\.self)
        if case .stopping(let killAt) = stage { all.append(killAt) }
        return all.min()
    }

    /// - Returns: Effects, to be carried out in this order before the next event.
    /// - Precondition: The instance is one of ``instances``; reports answer an effect.
    public mutating func handle(_ event: Event, at now: Instant) -> [Effect] {
        self.now = now
        effects = []
        touched.removeAll(keepingCapacity: true)
        switch event {
        case .begin: begin()
        case .resumed: resume()
        case .order(let order, let id, let requester): obey(order, id, by: requester)
        case .rollingRestart(let ids, let requester): roll(ids, by: requester)
        case .scale(let name, let count, let requester): scale(name, to: count, by: requester)
        case .enable(let name, let isEnabled): enable(name, isEnabled)
        case .configure(let plan, let requester): configure(plan, by: requester)
        case .filesChanged(let name): filesChanged(name)
        case .clockSet(let offset): clockSet(offset)
        case .spawned(let run, let pid): spawned(run, pid)
        case .spawnFailed(let run, let failure): spawnFailed(run, failure)
        case .ready(let run): ready(run)
        case .mainProcess(let run, let pid): pass(.mainProcess(pid), to: run)
        case .statusText(let run, let text): statusText(run, text)
        case .extended(let run, let time): pass(.extended(time), to: run)
        case .stopCommandEnded(let run): pass(.stopCommandEnded, to: run)
        case .probeAnswered(let run, let role, let attempt, let failure):
            probeAnswered(run, role, attempt, failure)
        case .pinged(let run): pinged(run)
        case .watchdogTriggered(let run): watchdogTriggered(run)
        case .limitsRefused(let run, let failure): limitsRefused(run, failure)
        case .ended(let run): ended(run)
        case .oomKilled(let run, let limit, let peak): oomKilled(run, limit: limit, peak: peak)
        case .exited(let run, let status, let survivors): exited(run, status, survivors)
        case .leftBehind(let run, let survivors): leftBehind(run, survivors)
        case .treeGone(let run): treeGone(run)
        case .deadlineReached: expire()
        case .shutDown(let requester): shutDown(by: requester)
        case .killAll: killAll()
        }
        arrange()
        advanceRolling()
        arrange()
        forgetRetired()
        endWithPrograms()
        deadlines.dropStale { instances[$0]?.deadline }
        if isShuttingDown, stage != .finished, busy == 0 {
            stage = .finished
            effects.append(.finish(status: exitStatus))
        }
        return effects
    }

    private mutating func expire() {
        if case .stopping(let killAt) = stage, now >= killAt { killAll() }
        startScheduled()
        var due: OrderedSet<InstanceID> = []
        while let id = deadlines.popDue(at: now, current: { instances[$0]?.deadline }) {
            due.append(id)
        }
        for id in due { expire(id) }
        // Last, for what was due may have taken away what they need.
        arrange()
        spawnQueued()
    }

    private mutating func expire(_ id: InstanceID) {
        // It may have changed because of another.
        guard let before = instances[id]?.deadline, before <= now else { return }
        if let machine = instances[id]?.machine.deadline, machine <= now {
            apply(.deadlineReached, to: id)
        } else {
            expireCheck(of: id)
        }
        // Without patience the next one may be the same, whose entry is gone. Its turn comes with
        // the next event, for a process may obey before it is killed.
        if let next = instances[id]?.deadline, next == before { deadlines.insert(id, at: next) }
    }
}
