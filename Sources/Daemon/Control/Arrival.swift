internal import ControlProtocol
internal import OrderedCollections
internal import Supervision

/// Whether an instance is where somebody waits for it to be.
enum Arrival {
    case pending, arrived
    case failed(cause: String, message: String)

    /// What is waited for.
    enum Aim: Codable, Sendable {
        /// After an order to start.
        case up
        /// After an order to restart, which may have to wait for its turn: up in another run.
        case upAgain(after: Incarnation)
        /// After a change of its configuration: up, and as that says.
        case changed
        /// After an order to stop.
        case down
        /// Without an order: others may give one yet.
        case state(Control.Wait.Aim)
    }

    init(of id: InstanceID, at aim: Aim, in supervisor: Supervisor) {
        guard let instance = supervisor.instances[id] else {
            self = Arrival(ofNobodyAt: aim)
            return
        }
        self =
            switch aim {
            case .up: Arrival(up: instance)
            case .changed: Arrival(changed: instance)
            case .upAgain(let past): Arrival(up: instance, after: past, in: supervisor)
            case .down: Arrival(ordered: instance)
            case .state(.stopped): Arrival(down: instance)
            case .state(.ready): Arrival(awaited: instance, instance.isReady)
            case .state(.healthy): Arrival(awaited: instance, instance.isHealthy)
            }
    }

    /// Of one that is not there any more.
    private init(ofNobodyAt aim: Aim) {
        switch aim {
        case .down, .state(.stopped): self = .arrived
        case .up, .changed, .upAgain, .state(.ready), .state(.healthy):
            self = .failed(cause: "unknown", message: "it is not there any more")
        }
    }

    private init(up instance: Instance) {
        switch instance.machine.phase {
        // What takes its place may come up.
        case _ where instance.isRetiring: self = .pending
        case .running where instance.machine.policy.kind == .service: self = .arrived
        // What runs to completion is not where it shall be before that.
        case .running, .starting, .stopping, .waiting: self = .pending
        case .exited where instance.hasSucceeded: self = .arrived
        case .exited, .backoff, .fatal, .stopped: self = .failed(as: instance)
        }
    }

    private init(changed instance: Instance) {
        self =
            instance.limitsRefusal.map { .failed(cause: "limits", message: $0.message) }
            ?? Arrival(up: instance)
    }

    private init(up instance: Instance, after past: Incarnation, in supervisor: Supervisor) {
        let isOld = instance.incarnation.serial <= past.serial
        if supervisor.isRolling(instance.id) {
            self = .pending
        } else if isOld, instance.machine.phase == .running {
            self = .failed(cause: "unknown", message: "not restarted, for another did not come up")
        } else {
            self = Arrival(up: instance)
        }
    }

    /// Down, unless another order has come after the one to stop.
    private init(ordered instance: Instance) {
        let isOvertaken = instance.machine.goal == .up && !instance.isRetiring
        self =
            isOvertaken
            ? .failed(cause: "started", message: "started again by \(instance.starter)")
            : Arrival(down: instance)
    }

    private init(down instance: Instance) {
        switch instance.machine.phase {
        case .stopped, .exited, .fatal: self = .arrived
        case .stopping, .starting, .running, .waiting, .backoff: self = .pending
        }
    }

    private init(awaited instance: Instance, _ isThere: Bool) {
        switch instance.machine.phase {
        case .running: self = isThere ? .arrived : .pending
        case .starting, .stopping, .waiting, .backoff, .stopped: self = .pending
        case .exited where instance.hasSucceeded: self = .arrived
        case .exited, .fatal: self = .failed(as: instance)
        }
    }

    private static func failed(as instance: Instance) -> Arrival {
        .failed(
            cause: instance.lastEnd?.cause.keyword ?? "unknown",
            message: instance.lastEnd?.cause.description ?? "it was stopped"
        )
    }
}

extension Instance {
    /// Its last run ended as a run should end.
    fileprivate var hasSucceeded: Bool {
        lastEnd?.status.map(machine.policy.restart.isSuccess) ?? false
    }
}
