internal import ControlProtocol
internal import OrderedCollections
internal import Reactor
internal import Supervision
internal import SystemTypes

/// Waits until each instance is where it shall be, or has failed to get there.
final class OrderWatch {
    /// Where an instance shall be.
    struct Target: Codable, Sendable {
        let id: InstanceID
        /// By which it was known when the order was given; it may be gone by the end.
        let name: String
        let aim: Arrival.Aim
    }

    private let exchange: Exchange
    private let conductor: Conductor
    private let lastLines: (InstanceID, @escaping ([String]) -> Void) -> Void
    private let answer: OrderAnswer
    private let order: [InstanceID]
    /// Not there yet.
    private var waiting: [InstanceID: Target]
    /// Whether one may fail because another has.
    private let isRolling: Bool
    /// Failed, but not yet told.
    private var asking: [InstanceID: Target] = [:]
    private var outcomes: [Outcome]
    /// Ends the patience of the client.
    var timer: TimerHandle?
    var onEnd: (() -> Void)?

    /// - Parameters:
    ///   - lastLines: Finds what an instance has written last.
    ///   - outcomes: Of others, that have been known before.
    init(
        _ exchange: Exchange,
        _ targets: [Target],
        conductor: Conductor,
        lastLines: @escaping (InstanceID, @escaping ([String]) -> Void) -> Void,
        answer: OrderAnswer,
        outcomes: [Outcome] = []
    ) {
        self.exchange = exchange
        self.conductor = conductor
        self.lastLines = lastLines
        self.answer = answer
        self.outcomes = outcomes
        order = targets.map(\.id)
        waiting = Dictionary(uniqueKeysWithValues: targets.map { ($0.id, $0) })
        isRolling = targets.contains { if case .upAgain = $0.aim { true } else { false } }
        exchange.onCancel = { [weak self] in self?.end() }
        exchange.restForNext = { [weak self] in self?.state.map { .order($0) } }
    }

    private var state: PendingOrder? {
        let targets = order.compactMap { waiting[$0] ?? asking[$0] }
        guard !targets.isEmpty else { return nil }
        return PendingOrder(
            targets: targets,
            outcomes: outcomes,
            deadline: timer?.deadline,
            answer: answer
        )
    }

    /// Looks at all, the first time.
    func begin() {
        for id in order { check(id) }
        endIfComplete()
    }

    /// Looks at an instance that has changed.
    func changed(_ id: InstanceID) {
        guard waiting[id] != nil || isRolling else { return }
        for id in isRolling ? order : [id] { check(id) }
        endIfComplete()
    }

    private func check(_ id: InstanceID) {
        guard let target = waiting[id] else { return }
        switch Arrival(of: id, at: target.aim, in: conductor.supervisor) {
        case .pending:
            break
        case .arrived:
            waiting[id] = nil
            tell(outcome(of: target))
        case .failed(let cause, let message):
            waiting[id] = nil
            asking[id] = target
            var outcome = outcome(of: target)
            lastLines(id) { [weak self] lines in
                guard let self else { return }
                asking[id] = nil
                outcome.failed = Outcome.Failure(cause: cause, message: message, tail: lines)
                tell(outcome)
                endIfComplete()
            }
        }
    }

    private func outcome(of target: Target) -> Outcome {
        conductor.supervisor.instances[target.id].map(Outcome.init)
            ?? Outcome(name: target.name, state: .stopped)
    }

    private func tell(_ outcome: Outcome) {
        outcomes.append(outcome)
        if exchange.call.more, !isComplete {
            exchange.next(answer.made(of: outcomes))
            outcomes = []
        }
    }

    private var isComplete: Bool { waiting.isEmpty && asking.isEmpty }

    private func endIfComplete() {
        guard isComplete else { return }
        if !exchange.call.more, let failed = outcomes.first(where: { $0.failed != nil }),
            let failure = failed.failed
        {
            exchange.fail(.startFailed(name: failed.name, failure))
        } else {
            exchange.finish(answer.made(of: outcomes))
        }
        end()
    }

    /// Answers with what is the case when the time is over.
    func timeOut() {
        let late = waiting.values.map(outcome).sorted { $0.name < $1.name }
        guard let first = late.first else { return }
        if exchange.call.more {
            for var outcome in late {
                outcome.failed = Outcome.Failure(
                    cause: "timeout",
                    message: "still \(outcome.state.rawValue) after the timeout",
                    tail: []
                )
                outcomes.append(outcome)
            }
            exchange.finish(answer.made(of: outcomes))
        } else {
            exchange.fail(.timedOut(name: first.name, state: first.state))
        }
        end()
    }

    private func end() {
        waiting = [:]
        timer?.cancel()
        onEnd?()
        onEnd = nil
    }
}

extension Outcome {
    /// Where an instance is now.
    init(_ instance: Instance) {
        self.init(
            name: instance.name,
            state: State(instance.machine.phase),
            pid: instance.machine.process.map { Int($0.rawValue) }
        )
    }
}
