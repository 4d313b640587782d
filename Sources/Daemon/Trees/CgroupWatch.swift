internal import LinuxSystem
internal import Reactor
internal import SystemPackage

/// Tells when a cgroup has become empty, for as long as somebody holds this.
final class CgroupWatch {
    private let events: CgroupEvents
    private var registration: Registration?
    private let onEmpty: () -> Void

    /// - Parameter onEmpty: Called each time; at once, if it is empty now.
    init(of cgroup: Cgroup, on loop: EventLoop, onEmpty: @escaping () -> Void) throws(Errno) {
        events = try CgroupEvents(of: cgroup)
        self.onEmpty = onEmpty
        registration = try loop.register(events.raw, for: .urgent) { [weak self] _ in self?.look() }
    }

    deinit {
        registration?.cancel()
    }

    private func look() {
        do {
            if try !events.read().isPopulated { onEmpty() }
        } catch {
            // Somebody has removed the group, so nobody is in it.
            registration?.cancel()
            onEmpty()
        }
    }
}
