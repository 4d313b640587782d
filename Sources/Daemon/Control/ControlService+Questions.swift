internal import ControlProtocol
internal import LinuxSystem
internal import Supervision
internal import SystemTypes

/// What only looks.
extension ControlService {
    func introduce(_ exchange: Exchange, _: Service.Introduction) {
        exchange.finish(Service.Introduction.Answer(version: Release.version))
    }

    func describe(
        _ exchange: Exchange,
        _ request: Service.InterfaceDescription
    ) throws(ControlError) {
        exchange.finish(try request.answer())
    }

    func version(_ exchange: Exchange, _: Control.Version) {
        exchange.finish(
            Control.Version.Answer(
                version: Release.version,
                pid: Int(ProcessTable.current.rawValue),
                config: registry.path
            )
        )
    }

    func status(_ exchange: Exchange, _ request: Control.Status) throws(ControlError) {
        let ids = try instances(matching: request.names ?? ["all"], for: exchange)
        let asksUsage = request.usage ?? true
        let frame = statusOfTurn.frame(of: ids, asksUsage: asksUsage, on: loop) {
            Control.Status.Answer(programs: report.programs(ids, asksUsage: asksUsage))
        }
        exchange.finish(frame: frame)
    }

    func listNames(_ exchange: Exchange, _: Control.ListNames) throws(ControlError) {
        let all = try instances(matching: ["all"], for: exchange).compactMap(instance)
        let programs = Set(all.map(\.id.program))
        let groups = Set(programs.flatMap { registry.groups[$0] ?? [] })
        let names = programs.union(groups).union(all.map(\.name))
        exchange.finish(Names(names: names.sorted() + ["all"]))
    }

    func metrics(_ exchange: Exchange, _: Control.Metrics) throws(ControlError) {
        let all = try instances(matching: ["all"], for: exchange)
        let text = MetricsText(of: report.programs(all)).text
        exchange.finish(Control.Metrics.Answer(text: text))
    }

    func history(_ exchange: Exchange, _ request: Control.History) throws(ControlError) {
        let count = Int(clamping: request.count ?? Control.History.countDefault)
        let runs = try instances(matching: request.names, for: exchange).compactMap(instance)
            .flatMap { report.runs(of: $0, count: count) }
            .sorted { $0.started < $1.started }
        exchange.finish(Control.History.Answer(runs: runs))
    }

    func explain(_ exchange: Exchange, _ request: Control.Explain) throws(ControlError) {
        let explanations = try instances(matching: request.names, for: exchange)
            .compactMap(report.explanation)
            .sorted { $0.program.name < $1.program.name }
        exchange.finish(Control.Explain.Answer(explanations: explanations))
    }

    // MARK: - What has been printed

    func tail(_ exchange: Exchange, _ request: Control.Tail) throws(ControlError) {
        let follows = request.follow ?? false
        guard !follows || exchange.call.more else { throw .invalidParameter(parameter: "follow") }
        let stream = try stream(of: request, for: exchange)
        let amount = try amount(of: request)
        guard exchange.call.more else {
            return logs.tail(stream, amount, bytesMax: TailSession.pieceSize) {
                exchange.finish(Control.Tail.Answer(bytes: Array($0.joined())))
            }
        }
        let session = TailSession(exchange, logs: logs, stream: stream, id: makeFollowerID())
        session.begin(amount, follows: follows)
        if follows { keep(session, of: exchange, request) }
    }

    private func stream(
        of request: Control.Tail,
        for exchange: Exchange
    ) throws(ControlError) -> StreamID {
        let instance = try one(request.name, for: exchange)
        _ = host.streams(of: instance)
        return StreamID(
            instance: instance,
            channel: request.stream == .stderr ? .stderr : .stdout
        )
    }

    /// Goes on with what is printed from now on.
    func resumeTail(_ exchange: Exchange, _ request: Control.Tail) throws(ControlError) {
        let stream = try stream(of: request, for: exchange)
        let session = TailSession(exchange, logs: logs, stream: stream, id: makeFollowerID())
        session.resume()
        keep(session, of: exchange, request)
    }

    private func keep(_ session: TailSession, of exchange: Exchange, _ request: Control.Tail) {
        let endsWithRun = request.untilExit ?? false
        let isRunning = instance(session.stream.instance)?.machine.process != nil
        guard isRunning || !endsWithRun else { return session.end() }
        keep(session, of: exchange, endsWithRun: endsWithRun)
    }

    private func amount(of request: Control.Tail) throws(ControlError) -> LogAmount {
        guard request.lines == nil || request.bytes == nil else {
            throw .invalidParameter(parameter: "bytes")
        }
        if let text = request.since {
            guard let time = WallTime(rfc3339: text) else {
                throw .invalidParameter(parameter: "since")
            }
            return .since(time)
        }
        if let bytes = request.bytes { return .bytes(Int(clamping: bytes)) }
        return .lines(Int(clamping: request.lines ?? Control.Tail.linesDefault))
    }

    // MARK: - What has happened

    func events(_ exchange: Exchange, _ request: Control.Events) throws(ControlError) {
        let follows = request.follow ?? false
        guard !follows || exchange.call.more else { throw .invalidParameter(parameter: "follow") }
        let number = eventLog.number
        let since = Int(clamping: request.since ?? UInt(number))
        guard since <= number else { throw .invalidParameter(parameter: "since") }

        let wanted = try request.names.map { (names) throws(ControlError) in
            Set(try instances(matching: names, for: exchange))
        }
        if request.since == nil {
            let ids = try instances(matching: request.names ?? ["all"], for: exchange)
            let snapshot = Control.Events.Answer(number: number, snapshot: report.programs(ids))
            guard follows else { return exchange.finish(snapshot) }
            exchange.next(snapshot)
        }
        let session = session(exchange, wanted, since: since)
        guard follows else { return session.finish() }
        keep(session, of: exchange)
        session.goOn()
    }

    func resumeEvents(
        _ exchange: Exchange,
        _ request: Control.Events,
        since number: Int
    ) throws(ControlError) {
        let wanted = try request.names.map { (names) throws(ControlError) in
            Set(try instances(matching: names, for: exchange))
        }
        let session = session(exchange, wanted, since: number)
        keep(session, of: exchange)
        session.goOn()
    }

    private func session(
        _ exchange: Exchange,
        _ wanted: Set<InstanceID>?,
        since number: Int
    ) -> EventSession {
        EventSession(
            exchange,
            log: { [unowned self] in eventLog },
            since: number,
            isWanted: { [rights = exchange.rights] id in
                wanted?.contains(id) ?? rights.permit(.observe, of: id.program)
            }
        )
    }
}

extension Control.Event {
    /// - Parameter exit: How the run ended, where the change follows from an end.
    init(_ change: Change, number: Int) {
        let at = WallTime(change.at)
        self.init(
            number: number,
            at: at.rfc3339,
            kind: change.isHealthy == nil ? "state" : "health",
            name: change.name,
            state: State(change.to),
            message: change.description
        )
        if change.isHealthy == nil { from = State(change.from) }
        pid = change.process.map { Int($0.rawValue) }
        exit = change.end.map(LastExit.init)
        requester = change.requester.flatMap(Control.Requester.init)
        nextAttempt = change.delay.map { WallTime(change.at + $0).rfc3339 }
    }
}
