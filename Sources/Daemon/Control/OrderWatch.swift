internal import ControlProtocol
internal import OrderedCollections
internal import Reactor
internal import Supervision
internal import SystemTypes

/// Waits until each instance is where it shall be, or has failed to get there.
final class OrderWatch {
    /// Where an instance shall be.
    struct Target {
        let id: InstanceID
        /// By which it was known when the order was given; it may be gone by the end.
        let name: String
        let aim: Arrival.Aim
    }

    private let exchange: Exchange
    private let conductor: Conductor
    private let lastLines: (InstanceID, @escaping ([String]) -> Void) -> Void
    private let makeAnswer: ([Outcome]) -> any Encodable
    private let order: [InstanceID]
    /// Not there yet.
    private var waiting: [InstanceID: Target]
    /// Whether one may fail because another has.
    private let isRolling: Bool
    /// There or not, but not yet told.
    private var asking = 0
    private var outcomes: [Outcome] = []
    var onEnd: (() -> Void)?

    /// - Parameters:
    ///   - lastLines: Finds what an instance has written last.
    ///   - makeAnswer: What is replied.
    init(
        _ exchange: Exchange,
        _ targets: [Target],
        conductor: Conductor,
        lastLines: @escaping (InstanceID, @escaping ([String]) -> Void) -> Void,
        makeAnswer: @escaping ([Outcome]) -> any Encodable
    ) {
        self.exchange = exchange
        self.conductor = conductor
        self.lastLines = lastLines
        self.makeAnswer = makeAnswer
        order = targets.map(\.id)
        waiting = Dictionary(uniqueKeysWithValues: targets.map { ($0.id, $0) })
        isRolling = targets.contains { if case .upAgain = $0.aim { true } else { false } }
        exchange.onCancel = { [weak self] in self?.end() }
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
            asking += 1
            var outcome = outcome(of: target)
            lastLines(id) { [weak self] lines in
                guard let self else { return }
                asking -= 1
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
            exchange.next(makeAnswer(outcomes))
            outcomes = []
        }
    }

    private var isComplete: Bool { waiting.isEmpty && asking == 0 }

    private func endIfComplete() {
        guard isComplete else { return }
        if !exchange.call.more, let failed = outcomes.first(where: { $0.failed != nil }),
            let failure = failed.failed
        {
            exchange.fail(.startFailed(name: failed.name, failure))
        } else {
            exchange.finish(makeAnswer(outcomes))
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
            exchange.finish(makeAnswer(outcomes))
        } else {
            exchange.fail(.timedOut(name: first.name, state: first.state))
        }
        end()
    }

    private func end() {
        waiting = [:]
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
