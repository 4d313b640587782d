internal import ControlProtocol
internal import Supervision

/// Tells one client what happens, no faster than it reads.
///
/// Keeps nothing for it but a number: what the client has not taken by the time that the log
/// forgets it, it has missed, and is told so.
final class EventSession {
    /// So many events make a reply that nobody minds.
    private static let eventsPerReply = 100

    private let exchange: Exchange
    private let log: () -> EventLog
    private let isWanted: (InstanceID) -> Bool
    /// Of the last event that the client knows about, or does not want to.
    private(set) var number: Int

    /// - Parameters:
    ///   - log: The log as it is by then.
    ///   - isWanted: Whether the client has asked for events of an instance.
    init(
        _ exchange: Exchange,
        log: @escaping () -> EventLog,
        since number: Int,
        isWanted: @escaping (InstanceID) -> Bool
    ) {
        self.exchange = exchange
        self.log = log
        self.number = number
        self.isWanted = isWanted
    }

    /// Sends what is new; is called again for each event, and when the client has read on.
    func goOn() {
        while exchange.isDrained, let answer = next() { exchange.next(answer) }
    }

    /// The one reply to a client that does not follow.
    func finish() {
        let log = log()
        let events = log.entries(after: number).filter { isWanted($0.instance) }.map(\.event)
        let gap = log.gap(after: number)
        exchange.finish(
            Control.Events.Answer(
                number: log.number,
                events: events,
                gap: gap > 0 ? gap : nil
            )
        )
    }

    private func next() -> Control.Events.Answer? {
        let log = log()
        let gap = log.gap(after: number)
        number += gap
        var events: [Control.Event] = []
        for entry in log.entries(after: number) {
            guard events.count < EventSession.eventsPerReply else { break }
            number += 1
            if isWanted(entry.instance) { events.append(entry.event) }
        }
        guard gap > 0 || !events.isEmpty else { return nil }
        return Control.Events.Answer(number: number, events: events, gap: gap > 0 ? gap : nil)
    }
}
