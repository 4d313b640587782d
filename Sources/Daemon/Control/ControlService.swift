internal import ControlProtocol
internal import LinuxSystem
internal import Logging
internal import OrderedCollections
internal import Reactor
internal import Supervision
internal import SystemTypes

/// Answers calls; belongs to the supervision loop.
final class ControlService {
    /// How many lines of a program that failed to start are shown.
    private static let linesOfFailure = 10
    private static let patienceWithLogs = Duration.seconds(1)
    /// Those that have not been answered, in order.
    private var questions: [LastWords] = []
    /// How many programs a line of the log names.
    static let namesOfNote = 10
    /// How many names one call may have.
    private static let namesMax = 4_096

    let registry: Registry
    let conductor: Conductor
    let host: LinuxHost
    let logs: LogLoop
    let report: StatusReport
    let loop: EventLoop
    let logger: Logger
    let memory: LogMemory
    /// Begins the end of the daemon.
    let onShutdown: (Requester) -> Void
    /// Has another daemon go on; calls back if it does not.
    var onReexec: ((_ refused: @escaping (Reexecution.Refusal) -> Void) -> Void)?
    private var watches: [ObjectIdentifier: OrderWatch] = [:]
    private(set) var eventLog: EventLog { didSet { onEvent?(eventLog.number) } }
    /// Told of the number of each event.
    var onEvent: ((Int) -> Void)?
    private var followers: [ObjectIdentifier: EventSession] = [:]
    var logFollowers: [ObjectIdentifier: DaemonLogSession] = [:]
    private var tails: [ObjectIdentifier: (session: TailSession, endsWithRun: Bool)] = [:]
    let statusOfTurn = StatusOfTurn()
    /// The names of the instances that events have told of.
    var told: [InstanceID: String]
    /// Whether the followers are told at the end of this turn.
    private var areEventsDue = false
    private var nextFollower: UInt64 = 0

    init(
        registry: Registry,
        conductor: Conductor,
        host: LinuxHost,
        logs: LogLoop,
        loop: EventLoop,
        logger: Logger,
        memory: LogMemory,
        events: EventLog,
        onShutdown: @escaping (Requester) -> Void
    ) {
        report = StatusReport(conductor: conductor, registry: registry, host: host)
        told = ControlService.names(in: conductor.supervisor)
        self.registry = registry
        self.conductor = conductor
        self.host = host
        self.logs = logs
        self.loop = loop
        self.logger = logger
        self.memory = memory
        self.onShutdown = onShutdown
        eventLog = events
        host.onRewire = { [weak self] in self?.followAnew($0) }
    }

    func answer(_ exchange: Exchange) {
        do throws(ControlError) {
            // Before anything else: a stranger learns nothing, not even what there is.
            guard exchange.rights.isAny else { throw exchange.refusal }
            let method = try Method(named: exchange.call.method)
            guard exchange.rights.permit(method.demand) else { throw exchange.refusal }
            try answer(exchange, method)
        } catch {
            exchange.fail(error)
        }
    }

    private func answer(_ exchange: Exchange, _ method: Method) throws(ControlError) {
        if method != .status { statusOfTurn.forget() }
        switch method {
        case .getInfo: try introduce(exchange, exchange.parameters())
        case .getInterfaceDescription: try describe(exchange, exchange.parameters())

        case .start: try start(exchange, exchange.parameters())
        case .stop: try stop(exchange, exchange.parameters())
        case .restart: try restart(exchange, exchange.parameters())
        case .wait: try wait(exchange, exchange.parameters())
        case .signal: try signal(exchange, exchange.parameters())
        case .reload: try reload(exchange, exchange.parameters())
        case .writeStdin: try writeStdin(exchange, exchange.parameters())
        case .resizeTerminal: try resizeTerminal(exchange, exchange.parameters())
        case .clearLog: try clearLog(exchange, exchange.parameters())
        case .rotateLogs: try rotateLogs(exchange, exchange.parameters())
        case .reopenLogs: try reopenLogs(exchange, exchange.parameters())
        case .reexec: try reexec(exchange, exchange.parameters())
        case .shutdown: try shutDown(exchange, exchange.parameters())

        case .status: try status(exchange, exchange.parameters())
        case .tail: try tail(exchange, exchange.parameters())
        case .events: try events(exchange, exchange.parameters())
        case .daemonLog: try daemonLog(exchange, exchange.parameters())
        case .listNames: try listNames(exchange, exchange.parameters())
        case .metrics: try metrics(exchange, exchange.parameters())
        case .version: try version(exchange, exchange.parameters())

        case .diff: try diff(exchange, exchange.parameters())
        case .apply: try apply(exchange, exchange.parameters())
        case .scale: try scale(exchange, exchange.parameters())
        case .enable: try enable(exchange, exchange.parameters())
        case .disable: try disable(exchange, exchange.parameters())

        case .history: try history(exchange, exchange.parameters())
        case .explain: try explain(exchange, exchange.parameters())
        }
    }

    /// A program has changed its phase.
    func changed(_ change: Change) {
        statusOfTurn.forget()
        tellWatches(of: change.instance)
        // Before it does anything, it is there.
        if told[change.instance] != change.name { rosterChanged() }
        if change.end != nil { endTails(of: change.instance) }
        eventLog.append(change.instance) { Control.Event(change, number: $0) }
        tellFollowersSoon()
    }

    /// Has those look at an instance who wait for it.
    func tellWatches(of id: InstanceID) {
        for watch in Array(watches.values) { watch.changed(id) }
    }

    func appendEvent(_ id: InstanceID, _ event: (Int) -> Control.Event) {
        eventLog.append(id, event)
    }

    /// What happens in one turn of the loop is told in one reply.
    func tellFollowersSoon() {
        guard !followers.isEmpty, !areEventsDue else { return }
        areEventsDue = true
        loop.callSoon { [unowned self] in
            areEventsDue = false
            tellFollowers()
        }
    }

    func tellFollowers() {
        for session in Array(followers.values) { session.goOn() }
        tellLogFollowers()
    }

    /// Has the watch look at what changes, until it ends.
    func keep(_ watch: OrderWatch, until deadline: Instant?) {
        let id = ObjectIdentifier(watch)
        watch.timer = deadline.map { loop.callAt($0) { [weak watch] in watch?.timeOut() } }
        watches[id] = watch
        watch.onEnd = { [unowned self] in watches[id] = nil }
    }

    /// Has the session told of what happens, until its client goes away.
    func keep(_ session: EventSession, of exchange: Exchange) {
        let id = ObjectIdentifier(session)
        followers[id] = session
        exchange.isEndless = true
        exchange.onDrained = { [weak session] in session?.goOn() }
        exchange.onCancel = { [unowned self] in followers[id] = nil }
        exchange.restForNext = { [weak session] in session.map { .numbered($0.number) } }
    }

    /// Has the session go on when its stream is another, unless its client goes away before.
    ///
    /// - Parameter endsWithRun: Whether it is told when the run is over.
    func keep(_ session: TailSession, of exchange: Exchange, endsWithRun: Bool) {
        let key = ObjectIdentifier(session)
        tails[key] = (session, endsWithRun)
        let onCancel = exchange.onCancel
        exchange.onCancel = { [unowned self] in
            tails[key] = nil
            onCancel?()
        }
    }

    private func endTails(of id: InstanceID) {
        for (key, tail) in tails where tail.session.stream.instance == id && tail.endsWithRun {
            tails[key] = nil
            tail.session.end()
        }
    }

    /// What is to follow comes from another place now.
    private func followAnew(_ id: InstanceID) {
        for tail in tails.values where tail.session.stream.instance == id {
            tail.session.followAnew()
        }
    }

    func makeFollowerID() -> FollowerID {
        nextFollower += 1
        return FollowerID(number: nextFollower)
    }

    // MARK: - What answers are made of

    /// What names stand for among what the peer may see; it has to have the role that the method
    /// takes for each of them.
    func instances(
        matching names: [String],
        for exchange: Exchange
    ) throws(ControlError) -> [InstanceID] {
        guard names.count <= ControlService.namesMax else {
            throw .invalidParameter(parameter: "names")
        }
        let rights = exchange.rights
        // One that goes for good is there until it is gone.
        let visible = conductor.supervisor.roster.filter { rights.permit(.observe, of: $0.program) }
        let selection = Selection(of: visible, groups: registry.intent.declared.groups)
        let ids: [InstanceID]
        do {
            ids = try selection.instances(matching: names)
        } catch {
            // Whether there is what it may not see is nothing it may know.
            let program = String(error.name.prefix { $0 != ":" })
            guard rights.permit(.observe, of: program) else { throw exchange.refusal }
            throw .noSuchProgram(name: error.name)
        }
        let demand = try Method(named: exchange.call.method).demand
        guard ids.allSatisfy({ rights.permit(demand, of: $0.program) }) else {
            throw exchange.refusal
        }
        return ids
    }

    /// The one instance that a name stands for.
    func one(_ name: String, for exchange: Exchange) throws(ControlError) -> InstanceID {
        let ids = try instances(matching: [name], for: exchange)
        guard let only = ids.first else { throw .noSuchProgram(name: name) }
        guard ids.count == 1 else {
            throw .ambiguous(name: name, instances: ids.compactMap { instance($0)?.name })
        }
        return only
    }

    func instance(_ id: InstanceID) -> Instance? {
        conductor.supervisor.instances[id]
    }

    /// What the last run of an instance wrote last, to either stream; without that of a log which a
    /// disk holds up.
    ///
    /// Answers come in the order of the questions, whichever disk is faster.
    func lastLines(of id: InstanceID, then done: @escaping ([String]) -> Void) {
        var (streams, lines) = (host.outputs[id]?.streamsOfRun ?? [], [String]())
        // Then it has not run at all.
        if case .dependency = instance(id)?.lastEnd?.cause { streams = [] }
        let question = LastWords(done)
        questions.append(question)
        func finish() {
            question.lines = question.lines ?? lines.suffix(ControlService.linesOfFailure)
            while let first = questions.first, let lines = first.lines {
                questions.removeFirst()
                first.done(lines)
            }
        }
        let patience = loop.callLater(ControlService.patienceWithLogs) { finish() }
        func collect() {
            guard let (stream, start) = streams.popLast() else {
                patience.cancel()
                return finish()
            }
            logs.lastWords(of: stream, after: start) { words in
                let found = String(decoding: words, as: UTF8.self).split(separator: "\n")
                lines = found.map(String.init) + lines
                collect()
            }
        }
        collect()
    }

    /// A question for what an instance wrote last.
    private final class LastWords {
        let done: ([String]) -> Void
        /// `nil` until they are known, or have been waited for long enough.
        var lines: [String]?

        init(_ done: @escaping ([String]) -> Void) {
            self.done = done
        }
    }
}
