internal import ControlProtocol
internal import Reactor

/// What keepd says of itself.
extension ControlService {
    func daemonLog(_ exchange: Exchange, _ request: Control.DaemonLog) throws(ControlError) {
        let follows = request.follow ?? false
        guard !follows || exchange.call.more else { throw .invalidParameter(parameter: "follow") }
        let count = Int(clamping: request.lines ?? Control.DaemonLog.linesDefault)
        let since = max(0, memory.number - min(count, LogMemory.linesMax))
        let (lines, _) = memory.lines(after: since, countMax: count)
        guard follows else { return exchange.finish(Control.DaemonLog.Answer(lines: lines)) }
        exchange.next(Control.DaemonLog.Answer(lines: lines))
        followLog(exchange, since: since + lines.count)
    }

    func followLog(_ exchange: Exchange, since number: Int) {
        let session = DaemonLogSession(exchange, memory: memory, since: number)
        let id = ObjectIdentifier(session)
        logFollowers[id] = session
        exchange.isEndless = true
        exchange.onDrained = { [weak session] in session?.goOn() }
        exchange.restForNext = { [weak session] in session.map { .numbered($0.number) } }
        exchange.onCancel = { [unowned self] in
            logFollowers[id] = nil
            if logFollowers.isEmpty { memory.onLine(nil) }
        }
        let tellAll = Confined({ [weak self] in self?.tellLogFollowers() }, to: loop)
        memory.onLine { [loop] in loop.post { tellAll.value() } }
        session.goOn()
    }

    func tellLogFollowers() {
        for session in Array(logFollowers.values) { session.goOn() }
    }
}
