internal import ControlProtocol
internal import Supervision

/// Whether an instance is where somebody waits for it to be.
enum Arrival {
    case pending, arrived
    case failed(cause: String, message: String)

    /// What is waited for.
    enum Aim {
        /// After an order to start.
        case up
        /// After an order to stop.
        case down
        /// Without an order: others may give one yet.
        case state(Control.Wait.Aim)
    }

    init(of instance: Instance, at aim: Aim) {
        self =
            switch aim {
            case .up: Arrival(up: instance)
            case .down, .state(.stopped): Arrival(down: instance)
            case .state(.ready), .state(.healthy): Arrival(awaited: instance)
            }
    }

    private init(up instance: Instance) {
        switch instance.machine.phase {
        case .running: self = .arrived
        case .starting, .stopping, .waiting: self = .pending
        case .exited where instance.hasSucceeded: self = .arrived
        case .exited, .backoff, .fatal, .stopped: self = .failed(as: instance)
        }
    }

    private init(down instance: Instance) {
        switch instance.machine.phase {
        case .stopped, .exited, .fatal: self = .arrived
        case .stopping, .starting, .running, .waiting, .backoff: self = .pending
        }
    }

    private init(awaited instance: Instance) {
        switch instance.machine.phase {
        case .running: self = .arrived
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
