internal import ControlProtocol
internal import LinuxSystem
internal import Logging
internal import Reactor
internal import Supervision
internal import SystemTypes

/// What changes programs, or waits for a change.
extension ControlService {
    func start(_ exchange: Exchange, _ order: Control.Start) throws(ControlError) {
        try obey(exchange, order, .start)
    }

    func stop(_ exchange: Exchange, _ order: Control.Stop) throws(ControlError) {
        try obey(exchange, order, .stop)
    }

    func restart(_ exchange: Exchange, _ order: Control.Restart) throws(ControlError) {
        guard order.rolling ?? false else { return try obey(exchange, order, .restart) }
        try refuseAtEnd()
        let ids = try instances(matching: order.names, for: exchange)
        let targets = ids.compactMap(instance).map { instance in
            let aim = Arrival.Aim.upAgain(after: instance.incarnation)
            return OrderWatch.Target(id: instance.id, name: instance.name, aim: aim)
        }
        note("rolling restart", of: ids, for: exchange)
        conductor.handle(.rollingRestart(ids, by: exchange.peer.requester))
        finish(exchange, targets, wait: order.wait, timeout: order.timeoutMilliseconds)
    }

    private func obey(
        _ exchange: Exchange,
        _ order: Control.Order<some Verb>,
        _ kind: Supervisor.Order
    ) throws(ControlError) {
        try refuseAtEnd()
        let ids = try instances(matching: order.names, for: exchange)
        give(kind, to: ids, for: exchange)
        let targets = targets(ids, kind == .stop ? .down : .up)
        finish(exchange, targets, wait: order.wait, timeout: order.timeoutMilliseconds)
    }

    func wait(_ exchange: Exchange, _ request: Control.Wait) throws(ControlError) {
        let ids = try instances(matching: request.names, for: exchange)
        watch(targets(ids, .state(request.aim)), exchange, timeout: request.timeoutMilliseconds)
    }

    func refuseAtEnd() throws(ControlError) {
        guard !conductor.supervisor.isShuttingDown else { throw .shuttingDown }
    }

    private func targets(_ ids: [InstanceID], _ aim: Arrival.Aim) -> [OrderWatch.Target] {
        ids.compactMap(instance).map {
            OrderWatch.Target(id: $0.id, name: $0.name, aim: aim)
        }
    }

    /// Answers an order that has been given: when it is carried out, or at once.
    func finish(
        _ exchange: Exchange,
        _ targets: [OrderWatch.Target],
        wait: Bool?,
        timeout: UInt?
    ) {
        guard wait ?? true else {
            let outcomes = targets.compactMap { instance($0.id) }.map(Outcome.init)
            return exchange.finish(Outcomes(outcomes: outcomes))
        }
        watch(targets, exchange, timeout: timeout)
    }

    func watch(
        _ targets: [OrderWatch.Target],
        _ exchange: Exchange,
        timeout milliseconds: UInt?,
        answer: OrderAnswer = .outcomes
    ) {
        let watch = OrderWatch(
            exchange,
            targets,
            conductor: conductor,
            lastLines: { [unowned self] in lastLines(of: $0, then: $1) },
            answer: answer
        )
        keep(watch, until: milliseconds.map { loop.now + .milliseconds(Int64(clamping: $0)) })
        watch.begin()
    }

    // MARK: - To what runs

    func signal(_ exchange: Exchange, _ request: Control.Signal) throws(ControlError) {
        guard let signal = Signal(name: request.signal) else {
            throw .invalidParameter(parameter: "signal")
        }
        let found = try running(instances(matching: request.names, for: exchange))
        give(.signal(signal), to: found.map(\.id), for: exchange)
        exchange.finish(Names(names: found.map(\.name)))
    }

    func reload(_ exchange: Exchange, _ request: Control.Reload) throws(ControlError) {
        let found = try running(instances(matching: request.names, for: exchange))
        note("reload", of: found.map(\.id), for: exchange)
        let requester = exchange.peer.requester
        for instance in found {
            let signal = conductor.supervisor.program(instance.id.program)?.reloadSignal ?? .hangUp
            conductor.handle(.order(.signal(signal), instance.id, by: requester))
        }
        exchange.finish(Names(names: found.map(\.name)))
    }

    func writeStdin(_ exchange: Exchange, _ request: Control.WriteStdin) throws(ControlError) {
        guard let bytes = request.bytes else {
            throw .invalidParameter(parameter: request.base64 == nil ? "text" : "base64")
        }
        let found = try running([one(request.name, for: exchange)])[0]
        guard let input = host.outputs[found.id]?.input else {
            throw .inputRefused(name: found.name, reason: "its stdin is not \"pipe\"")
        }
        guard input.write(bytes, on: loop) else {
            throw .inputRefused(
                name: found.name,
                reason: "it does not read what it was sent before"
            )
        }
        note("input", of: [found.id], for: exchange)
        exchange.finish(Done())
    }

    func resizeTerminal(
        _ exchange: Exchange,
        _ request: Control.ResizeTerminal
    ) throws(ControlError) {
        guard let rows = UInt16(exactly: request.rows), rows > 0 else {
            throw .invalidParameter(parameter: "rows")
        }
        guard let columns = UInt16(exactly: request.columns), columns > 0 else {
            throw .invalidParameter(parameter: "columns")
        }
        let found = try running([one(request.name, for: exchange)])[0]
        guard let terminal = host.outputs[found.id]?.terminal else {
            throw .inputRefused(name: found.name, reason: "it has no terminal")
        }
        terminal.resize(WindowSize(rows: rows, columns: columns))
        exchange.finish(Done())
    }

    private func give(_ order: Supervisor.Order, to ids: [InstanceID], for exchange: Exchange) {
        note("\(order)", of: ids, for: exchange)
        let requester = exchange.peer.requester
        for id in ids { conductor.handle(.order(order, id, by: requester)) }
        // Who waits for the opposite is told, though nothing may have changed yet.
        ids.forEach(tellWatches)
    }

    /// - Throws: `.notRunning` for the first that has no process.
    private func running(_ ids: [InstanceID]) throws(ControlError) -> [Instance] {
        let found = ids.compactMap(instance)
        if let idle = found.first(where: { $0.machine.process == nil }) {
            throw .notRunning(name: idle.name)
        }
        return found
    }

    // MARK: - To keepd

    /// Writes down who has asked for a change.
    ///
    /// - Parameter ids: Of whom it was asked; empty for keepd itself.
    func note(_ deed: String, of ids: [InstanceID] = [], for exchange: Exchange) {
        let names = ids.prefix(ControlService.namesOfNote).compactMap { instance($0)?.name }
        let rest = ids.count - names.count
        let more = rest > 0 ? " and \(rest) more" : ""
        let whose = names.isEmpty ? "" : "of \(names.joined(separator: ", "))\(more) "
        logger.info("\(deed) \(whose)asked for by \(exchange.peer.requester)")
    }

    func clearLog(_ exchange: Exchange, _ request: Control.ClearLog) throws(ControlError) {
        let (names, streams) = try note("empty log", of: request.names, for: exchange)
        logs.clear(streams) { exchange.finish(names) }
    }

    func rotateLogs(_ exchange: Exchange, _ request: Control.RotateLogs) throws(ControlError) {
        let (names, streams) = try note("new log file", of: request.names, for: exchange)
        logs.rotate(streams) { exchange.finish(names) }
    }

    /// - Returns: Of whose logs it is asked, and their streams.
    private func note(
        _ deed: String,
        of names: [String],
        for exchange: Exchange
    ) throws(ControlError) -> (Names, [StreamID]) {
        let ids = try instances(matching: names, for: exchange)
        note(deed, of: ids, for: exchange)
        let found = Names(names: ids.compactMap(instance).map(\.name))
        return (found, ids.flatMap(host.streams))
    }

    func reopenLogs(_ exchange: Exchange, _: Control.ReopenLogs) {
        note("reopening of log files", for: exchange)
        logs.reopen { exchange.finish(Done()) }
    }

    func shutDown(_ exchange: Exchange, _: Control.Shutdown) {
        exchange.finish(Done())
        onShutdown(exchange.peer.requester)
    }

    /// Answered by the daemon that comes after this one, if one does.
    func reexec(_ exchange: Exchange, _: Control.Reexec) throws(ControlError) {
        try refuseAtEnd()
        note("execution of keepd anew", for: exchange)
        exchange.restForNext = { .handover }
        onReexec? { refusal in
            exchange.fail(.reexecFailed(reason: refusal.reason, output: refusal.output))
        }
    }
}
