internal import ControlProtocol
internal import LinuxSystem
internal import OrderedCollections
internal import Reactor
internal import Supervision
internal import SystemTypes

/// Answers calls; belongs to the supervision loop.
final class ControlService {
    /// How many lines of a program that failed to start are shown.
    private static let linesOfFailure = 10
    /// How many names one call may have.
    private static let namesMax = 4_096

    let selection: Selection
    let conductor: Conductor
    let host: LinuxHost
    let logs: LogLoop
    private let report: StatusReport
    private let loop: EventLoop
    private let configurationPath: String?
    /// Begins the end of the daemon.
    private let shutDown: (Requester) -> Void
    private var watches: [ObjectIdentifier: OrderWatch] = [:]
    private var nextFollower: UInt64 = 0

    init(
        configuration: Configuration,
        path: String?,
        conductor: Conductor,
        host: LinuxHost,
        logs: LogLoop,
        loop: EventLoop,
        shutDown: @escaping (Requester) -> Void
    ) {
        selection = Selection(configuration)
        report = StatusReport(configuration)
        configurationPath = path
        self.conductor = conductor
        self.host = host
        self.logs = logs
        self.loop = loop
        self.shutDown = shutDown
    }

    func answer(_ exchange: Exchange) {
        do throws(ControlError) {
            // Before anything else: a stranger learns nothing, not even what there is.
            guard let peer = exchange.peer, peer.isAdmin else {
                throw ControlError.notAllowed(method: exchange.call.method)
            }
            try answer(exchange, Method(named: exchange.call.method), for: peer)
        } catch {
            exchange.fail(error)
        }
    }

    private func answer(
        _ exchange: Exchange,
        _ method: Method,
        for peer: Peer
    ) throws(ControlError) {
        let call = exchange.call
        switch method {
        case .getInfo:
            _ = try call.parameters(as: Service.Introduction.self)
            exchange.finish(Service.Introduction.Answer(version: Release.version))
        case .getInterfaceDescription:
            exchange.finish(try call.parameters(as: Service.InterfaceDescription.self).answer())
        case .status:
            try status(exchange, try call.parameters(as: Control.Status.self))
        case .start:
            try obey(exchange, try call.parameters(as: Control.Start.self), .start, for: peer)
        case .stop:
            try obey(exchange, try call.parameters(as: Control.Stop.self), .stop, for: peer)
        case .restart:
            try obey(exchange, try call.parameters(as: Control.Restart.self), .restart, for: peer)
        case .reload, .wait, .scale, .enable, .disable, .diff, .apply, .events, .history, .explain,
            .metrics, .writeStdin:
            throw .methodNotImplemented(method: method.rawValue)
        case .signal:
            try signal(exchange, try call.parameters(as: Control.Signal.self), for: peer)
        case .tail:
            try tail(exchange, try call.parameters(as: Control.Tail.self))
        case .clearLog:
            try clearLog(exchange, try call.parameters(as: Control.ClearLog.self))
        case .reopenLogs:
            _ = try call.parameters(as: Control.ReopenLogs.self)
            logs.reopen { exchange.finish(Done()) }
        case .version:
            _ = try call.parameters(as: Control.Version.self)
            exchange.finish(
                Control.Version.Answer(
                    version: Release.version,
                    pid: Int(ProcessTable.current.rawValue),
                    config: configurationPath
                )
            )
        case .shutdown:
            _ = try call.parameters(as: Control.Shutdown.self)
            exchange.finish(Done())
            shutDown(peer.requester)
        }
    }

    // MARK: - What changes programs

    private func obey(
        _ exchange: Exchange,
        _ order: Control.Order<some Verb>,
        _ kind: Supervisor.Order,
        for peer: Peer
    ) throws(ControlError) {
        guard !conductor.supervisor.isShuttingDown else { throw .shuttingDown }
        let ids = try instances(matching: order.names)
        let requester = peer.requester
        for id in ids { conductor.handle(.order(kind, id, by: requester)) }
        guard order.wait ?? true else {
            return exchange.finish(Outcomes(outcomes: ids.compactMap(instance).map(Outcome.init)))
        }
        let watch = OrderWatch(
            exchange,
            aim: kind == .stop ? .down : .up,
            instances: ids,
            lookUp: { [unowned self] in instance($0) },
            lastLines: { [unowned self] in lastLines(of: $0, then: $1) }
        )
        keep(watch, timeout: order.timeoutMilliseconds)
        watch.begin(in: ids)
    }

    private func keep(_ watch: OrderWatch, timeout milliseconds: UInt?) {
        let id = ObjectIdentifier(watch)
        let timer = milliseconds.map { milliseconds in
            loop.callLater(.milliseconds(Int64(clamping: milliseconds))) { [weak watch] in
                watch?.timeOut()
            }
        }
        watches[id] = watch
        watch.onEnd = { [unowned self] in
            watches[id] = nil
            timer?.cancel()
        }
    }

    /// A program has changed its phase.
    func changed(_ id: InstanceID) {
        for watch in Array(watches.values) { watch.changed(id) }
    }

    private func signal(
        _ exchange: Exchange,
        _ request: Control.Signal,
        for peer: Peer
    ) throws(ControlError) {
        guard let signal = Signal(name: request.signal) else {
            throw .invalidParameter(parameter: "signal")
        }
        let found = try instances(matching: request.names).compactMap(instance)
        if let idle = found.first(where: { $0.machine.process == nil }) {
            throw .notRunning(name: idle.name)
        }
        for instance in found {
            conductor.handle(.order(.signal(signal), instance.id, by: peer.requester))
        }
        exchange.finish(Names(names: found.map(\.name)))
    }

    // MARK: - What only looks

    private func status(
        _ exchange: Exchange,
        _ request: Control.Status
    ) throws(ControlError) {
        let ids = try instances(matching: request.names ?? ["all"])
        let now = Instant.now
        let programs = ids.compactMap(instance).map {
            report.program($0, outputs: host.outputs[$0.id], at: now)
        }
        exchange.finish(Control.Status.Answer(programs: programs.sorted { $0.name < $1.name }))
    }

    private func tail(_ exchange: Exchange, _ request: Control.Tail) throws(ControlError) {
        let ids = try instances(matching: [request.name])
        guard ids.count == 1 else { throw .noSuchProgram(name: request.name) }
        let follows = request.follow ?? false
        guard !follows || exchange.call.more else { throw .invalidParameter(parameter: "follow") }
        let stream = StreamID(
            instance: ids[0],
            channel: request.stream == .stderr ? .stderr : .stdout
        )
        let amount: TailAmount =
            if let bytes = request.bytes {
                .bytes(Int(clamping: bytes))
            } else {
                .lines(Int(clamping: request.lines ?? Control.Tail.linesDefault))
            }
        guard follows else {
            return logs.tail(stream, amount) { exchange.finish(Control.Tail.Answer(bytes: $0)) }
        }
        nextFollower += 1
        TailSession(exchange, logs: logs, stream: stream, id: FollowerID(number: nextFollower))
            .begin(amount)
    }

    private func clearLog(
        _ exchange: Exchange,
        _ request: Control.ClearLog
    ) throws(ControlError) {
        let ids = try instances(matching: request.names)
        let names = Names(names: ids.compactMap(instance).map(\.name))
        let streams = ids.flatMap { host.outputs[$0]?.streams ?? [] }
        logs.clear(streams) { exchange.finish(names) }
    }

    // MARK: - Parts of the above

    private func instances(matching names: [String]) throws(ControlError) -> [InstanceID] {
        guard names.count <= ControlService.namesMax else {
            throw .invalidParameter(parameter: "names")
        }
        do {
            return try selection.instances(matching: names)
        } catch {
            throw .noSuchProgram(name: error.name)
        }
    }

    private func instance(_ id: InstanceID) -> Instance? {
        conductor.supervisor.instances[id]
    }

    /// What an instance wrote last, to either stream.
    private func lastLines(of id: InstanceID, then done: @escaping ([String]) -> Void) {
        var streams = host.outputs[id]?.streams ?? []
        var lines: [String] = []
        func collect() {
            guard let stream = streams.popLast() else {
                return done(lines.suffix(ControlService.linesOfFailure))
            }
            logs.tail(stream, .lines(ControlService.linesOfFailure)) { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                lines = text.split(separator: "\n").map(String.init) + lines
                collect()
            }
        }
        collect()
    }
}
