public import SystemTypes

extension ProcessMachine {
    /// What users are told.
    public var phase: Phase {
        switch state {
        case .stopped: .stopped
        case .spawning, .starting: .starting
        case .running: .running
        case .stopping, .killing, .outlived, .clearing: .stopping
        case .backoff: .backoff
        case .exited: .exited
        case .fatal: .fatal
        }
    }

    /// The main process, while it lives.
    public var process: ProcessID? {
        switch state {
        case .starting(let pid, _), .running(let pid, _), .stopping(let pid, _),
            .killing(let pid):
            pid
        case .stopped, .spawning, .outlived, .clearing, .backoff, .exited, .fatal: nil
        }
    }

    /// No process is there, and none was asked for.
    public var isAtRest: Bool {
        switch state {
        case .stopped, .backoff, .exited, .fatal: true
        case .spawning, .starting, .running, .stopping, .killing, .outlived, .clearing: false
        }
    }
}
