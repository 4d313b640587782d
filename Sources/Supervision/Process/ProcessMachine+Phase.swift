public import SystemTypes

extension ProcessMachine {
    /// What users are told.
    public var phase: Phase {
        switch state {
        case .stopped: .stopped
        case .waiting: .waiting
        case .spawning, .starting: .starting
        case .running: .running
        case .preparing, .stopping, .killing, .outlived, .clearing: .stopping
        case .backoff: .backoff
        case .exited: .exited
        case .fatal: .fatal
        }
    }

    /// The main process, while it lives.
    public var process: ProcessID? {
        switch state {
        case .starting(let pid, _, _), .running(let pid), .preparing(let pid, _, _),
            .stopping(let pid, _, _), .killing(let pid, _):
            pid
        case .stopped, .waiting, .spawning, .outlived, .clearing, .backoff, .exited, .fatal: nil
        }
    }

    /// No process is there, and none was asked for.
    public var isAtRest: Bool {
        switch state {
        case .stopped, .waiting, .backoff, .exited, .fatal: true
        case .spawning, .starting, .running, .preparing, .stopping, .killing, .outlived,
            .clearing:
            false
        }
    }
}
