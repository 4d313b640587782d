internal import ControlProtocol
internal import LinuxSystem
internal import Supervision

/// Calls that a daemon before has begun to answer.
extension ControlService {
    func resume(_ exchange: Exchange, _ rest: PendingCall.Rest) {
        do throws(ControlError) {
            switch (rest, try Method(named: exchange.call.method)) {
            case (.handover, _): exchange.finish(Done())
            case (.order(let order), _): resume(exchange, order)
            case (.printed, .tail): try resumeTail(exchange, exchange.parameters())
            case (.numbered(let number), .events):
                try resumeEvents(exchange, exchange.parameters(), since: number)
            case (.numbered(let number), .daemonLog): followLog(exchange, since: number)
            case (.printed, _), (.numbered, _):
                throw .methodNotImplemented(method: exchange.call.method)
            }
        } catch {
            exchange.fail(error)
        }
    }

    private func resume(_ exchange: Exchange, _ order: PendingOrder) {
        let watch = OrderWatch(
            exchange,
            order.targets,
            conductor: conductor,
            lastLines: { [unowned self] in lastLines(of: $0, then: $1) },
            answer: order.answer,
            outcomes: order.outcomes
        )
        keep(watch, until: order.deadline)
        watch.begin()
    }
}
