internal import LinuxSystem
internal import Reactor
internal import SystemTypes
internal import Systemd

/// The way to the service manager, in which all that is sent keeps its order.
///
/// Who sends while the manager is busy and its queue is full has to wait, and the supervision loop
/// waits for nobody; so a thread does.
final class ServiceChannel: Sendable {
    /// How much may wait for a manager that is stuck; what comes then is lost.
    private static let queueMax = 4_096

    private let thread = ThreadPool(threadsMax: 1, queueMax: queueMax)

    /// - Returns: `nil` where no manager listens.
    init?() {
        guard ProcessEnvironment.variables["NOTIFY_SOCKET"] != nil else { return nil }
    }

    func send(_ notification: ServiceNotification) {
        _ = try? thread.submit { notification.send() }
    }

    /// Sends another descriptor of what `descriptor` refers to now.
    func send(_ notification: ServiceNotification, passing descriptor: CInt) {
        guard let copy = try? OwnedFD.duplicate(descriptor).release() else { return }
        do {
            try thread.submit {
                let copy = OwnedFD(adopting: copy)
                notification.send(passing: copy.raw)
                // Not before, as it would be of a value that is nowhere named.
                _ = consume copy
            }
        } catch {
            _ = OwnedFD(adopting: copy)
        }
    }

    /// Waits until all that was sent has gone, if the manager takes it in that time.
    func flush(within patience: Duration) {
        let hasGone = Monitor(false)
        let marker: @Sendable () -> Void = {
            hasGone.withLock { $0 = true }
            hasGone.broadcast()
        }
        guard (try? thread.submit(marker)) != nil else { return }
        _ = hasGone.wait(until: .now + patience) { $0 ? () : nil }
    }
}
