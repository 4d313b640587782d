internal import ControlProtocol
internal import Reactor
internal import Supervision
internal import SystemTypes

/// Waits until each instance is where it shall be, or has failed to get there.
final class OrderWatch {
    /// What is asked about an instance.
    typealias LookUp = (InstanceID) -> Instance?

    private let exchange: Exchange
    private let aim: Arrival.Aim
    private let lookUp: LookUp
    private let lastLines: (InstanceID, @escaping ([String]) -> Void) -> Void
    /// Not there yet.
    private var waiting: Set<InstanceID>
    /// There or not, but not yet told.
    private var asking = 0
    private var outcomes: [Outcome] = []
    var onEnd: (() -> Void)?

    /// - Parameter lastLines: Finds what an instance has written last.
    init(
        _ exchange: Exchange,
        aim: Arrival.Aim,
        instances: [InstanceID],
        lookUp: @escaping LookUp,
        lastLines: @escaping (InstanceID, @escaping ([String]) -> Void) -> Void
    ) {
        self.exchange = exchange
        self.aim = aim
        self.lookUp = lookUp
        self.lastLines = lastLines
        waiting = Set(instances)
        exchange.onCancel = { [weak self] in self?.end() }
    }

    /// Looks at all, the first time.
    func begin(in order: [InstanceID]) {
        for id in order { check(id) }
        endIfComplete()
    }

    /// Looks at an instance that has changed.
    func changed(_ id: InstanceID) {
        guard waiting.contains(id) else { return }
        check(id)
        endIfComplete()
    }

    private func check(_ id: InstanceID) {
        guard let instance = lookUp(id) else { return }
        switch Arrival(of: instance, at: aim) {
        case .pending:
            break
        case .arrived:
            waiting.remove(id)
            tell(Outcome(instance))
        case .failed(let cause, let message):
            waiting.remove(id)
            asking += 1
            var outcome = Outcome(instance)
            lastLines(id) { [weak self] lines in
                guard let self else { return }
                asking -= 1
                outcome.failed = Outcome.Failure(cause: cause, message: message, tail: lines)
                tell(outcome)
                endIfComplete()
            }
        }
    }

    private func tell(_ outcome: Outcome) {
        outcomes.append(outcome)
        if exchange.call.more, !isComplete {
            exchange.next(Outcomes(outcomes: outcomes))
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
            exchange.finish(Outcomes(outcomes: outcomes))
        }
        end()
    }

    /// Answers with what is the case when the time is over.
    func timeOut() {
        let late = waiting.compactMap(lookUp).sorted { $0.name < $1.name }
        guard let first = late.first else { return }
        if exchange.call.more {
            for instance in late {
                var outcome = Outcome(instance)
                outcome.failed = Outcome.Failure(
                    cause: "timeout",
                    message: "still \(outcome.state.rawValue) after the timeout",
                    tail: []
                )
                outcomes.append(outcome)
            }
            exchange.finish(Outcomes(outcomes: outcomes))
        } else {
            exchange.fail(.timedOut(name: first.name, state: State(first.machine.phase)))
        }
        end()
    }

    private func end() {
        waiting = []
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
