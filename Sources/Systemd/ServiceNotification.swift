internal import CSystemd

/// What a service tells the manager that started it; without one, nothing happens.
///
/// Source: `sd_notify(3)`.
public enum ServiceNotification {
    /// Start-up is finished.
    case ready
    /// The end has begun.
    case stopping

    public func send() {
        let state =
            switch self {
            case .ready: "READY=1"
            case .stopping: "STOPPING=1"
            }
        // A manager that does not listen is no reason to do anything else.
        _ = sd_notify(0, state)
    }
}
