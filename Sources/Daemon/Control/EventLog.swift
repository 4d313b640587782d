internal import ControlProtocol
internal import DequeModule
internal import Supervision

/// The last events, by their numbers; what is told to those who ask is never older than this.
struct EventLog: Codable, Sendable {
    static let countMax = 1_000

    struct Entry: Codable, Sendable {
        let instance: InstanceID
        let event: Control.Event
    }

    /// Of the last event; the first one has 1.
    private(set) var number = 0
    private var entries: Deque<Entry> = []

    /// Goes on after `number`, for all up to there was told by another daemon, and is forgotten.
    mutating func goOn(after number: Int) {
        guard number > self.number else { return }
        self.number = number
        entries = []
    }

    /// - Parameter event: Is given its number.
    mutating func append(_ instance: InstanceID, _ event: (Int) -> Control.Event) {
        number += 1
        if entries.count == EventLog.countMax { entries.removeFirst() }
        entries.append(Entry(instance: instance, event: event(number)))
    }

    /// How many events after that of `number` are forgotten.
    func gap(after number: Int) -> Int {
        max(0, self.number - entries.count - number)
    }

    /// Those that come after that of `number`, the oldest first, as far as they are remembered.
    ///
    /// - Precondition: There has been such a number.
    func entries(after number: Int) -> some Collection<Entry> {
        precondition((0...self.number).contains(number))
        return entries.suffix(self.number - number)
    }
}

extension EventLog: Templated {
    static let template = EventLog()
}
