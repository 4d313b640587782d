internal import LinuxSystem
public import SystemTypes

extension EventLoop {
    /// The present, as this loop's deadlines mean it; for any thread.
    ///
    /// CLOCK_MONOTONIC, and in a test the virtual time of a simulated loop.
    public var now: Instant {
        guard let simulation else { return .now }
        return simulation.now
    }

    /// Looks at the descriptors, and lets virtual time pass only if nobody has anything to do.
    ///
    /// What is outside of virtual time gets a chance first. A call on a thread of a pool will end,
    /// so it is waited for, and takes no virtual time at all; of a descriptor nobody knows whether
    /// it will ever be ready, so patience with it has an end.
    func wait(in simulation: any Simulation) {
        if look(for: .zero) || isStopping || !ready.isEmpty { return }
        let deadline = timers.first
        if let deadline, deadline <= simulation.now { return }
        if poolCalls > 0 {
            look(for: nil)
            return
        }
        if registrations.isWatching, look(for: simulation.patience) { return }
        switch simulation.pass(to: deadline) {
        case .arrived: break
        case .sleep: look(for: nil)
        case .leave: isStopping = true
        }
    }

    /// Puts reports into the order of the simulation, whichever the kernel's was.
    func arrange(
        _ reports: inout [(Registration, Epoll.Readiness)],
        in simulation: any Simulation
    ) {
        reports.sort { $0.0.token < $1.0.token }
        reports = simulation.order(of: reports.count).map { [reports] in reports[$0] }
    }
}
