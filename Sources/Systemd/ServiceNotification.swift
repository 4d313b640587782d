internal import CSystemd

/// What a service tells the manager that started it; without one, nothing happens.
///
/// Source: sd_notify(3), sd_pid_notify_with_fds(3).
public enum ServiceNotification: Equatable, Sendable {
    /// Start-up or a reload is finished.
    case ready
    /// The reading of a new configuration has begun, at microseconds of CLOCK_MONOTONIC.
    case reloading(monotonicMicroseconds: Int64)
    /// The end has begun.
    case stopping
    /// How it is, in a line for people.
    case status(String)
    /// Whatever is going on may take that much longer, from now on.
    case extended(microseconds: Int64)
    /// A sign of life, for the watchdog.
    case alive
    /// The descriptor that comes along is to be kept under a name until it is removed, however it
    /// ends, be it by a hang-up.
    case keep(name: String)
    /// All that is kept under a name is to be closed.
    case forget(name: String)

    /// As it is sent: a variable a line.
    public var text: String {
        switch self {
        case .ready: "READY=1"
        case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time)"
        case .stopping: "STOPPING=1"
        case .status(let line): "STATUS=\(line.split(separator: "\n").joined(separator: " "))"
        case .extended(let time): "EXTEND_TIMEOUT_USEC=\(time)"
        case .alive: "WATCHDOG=1"
        case .keep(let name): "FDSTORE=1\nFDNAME=\(name)\nFDPOLL=0"
        case .forget(let name): "FDSTOREREMOVE=1\nFDNAME=\(name)"
        }
    }

    /// Waits while the queue of a manager that is busy is full.
    public func send() {
        // A manager that does not listen is no reason to do anything else.
        _ = sd_notify(0, text)
    }

    /// As ``send()``, with a descriptor, which stays the caller's.
    public func send(passing descriptor: CInt) {
        withUnsafePointer(to: descriptor) { _ = sd_pid_notify_with_fds(0, 0, text, $0, 1) }
    }
}
