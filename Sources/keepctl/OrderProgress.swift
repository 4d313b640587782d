import ControlClient
import ControlProtocol
import LinuxSystem
import SystemPackage
import SystemTypes

/// Waits for the answers to an order, and shows on a terminal what it still waits for.
struct OrderProgress: ~Copyable {
    /// Time goes on, also where nothing happens.
    private static let refresh = Duration.seconds(1)

    private var events: Client
    private var line = ProgressLine()
    private let began = Instant.now
    private var states: [String: State] = [:]
    private var done: Set<String> = []

    /// - Parameter events: For what happens to programs meanwhile.
    init(events: consuming Client) {
        self.events = events
    }

    /// - Parameters:
    ///   - client: Carries the order.
    ///   - names: What the order is about; `nil` for what turns out to change.
    ///   - each: Is given the answers as they come, and says whom they are about.
    mutating func run<R: Request>(
        _ request: R,
        by client: inout Client,
        names: [String]?,
        each: (R.Answer) throws -> [String]
    ) throws {
        try events.begin(Control.Events(names: names, follow: true))
        take(try events.takeReplies(to: Control.Events.self).answers, isOrdered: names != nil)
        try client.begin(request)
        defer { line.clear() }
        while true {
            let sockets = [client.descriptor, events.descriptor]
            let ready = try Readiness.wait(for: sockets, timeout: OrderProgress.refresh)
            if ready.contains(events.descriptor) {
                take(try events.takeReplies(to: Control.Events.self).answers, isOrdered: false)
            }
            if ready.contains(client.descriptor) {
                let replies = try client.takeReplies(to: R.self)
                line.clear()
                for answer in replies.answers { done.formUnion(try each(answer)) }
                if replies.isComplete { return }
            }
            show()
        }
    }

    private mutating func take(_ answers: [Control.Events.Answer], isOrdered: Bool) {
        for answer in answers {
            for program in answer.snapshot ?? [] where isOrdered {
                states[program.name] = program.state
            }
            for event in answer.events { states[event.name] = event.state }
        }
    }

    private mutating func show() {
        let rest = states.filter { !done.contains($0.key) }.sorted { $0.key < $1.key }
        let seconds = Double((Instant.now - began).nanoseconds) / 1e9
        line.show(OrderProgress.text(rest.map { ($0.key, $0.value) }, after: seconds))
    }

    /// As `waiting for 3: db starting, web waiting, x stopping (2 s)`.
    static func text(_ rest: [(name: String, state: State)], after seconds: Double) -> String {
        let list = rest.map { "\($0.name) \($0.state.rawValue)" }.joined(separator: ", ")
        return "waiting for \(rest.count) (\(Int(seconds)) s): \(list)"
    }
}
