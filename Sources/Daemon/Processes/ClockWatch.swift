internal import LinuxSystem
internal import Reactor
internal import SystemPackage

/// Tells when the clock on the wall has been set, for as long as somebody holds this.
///
/// Nobody is woken before that. There is no test that sets a clock: it is the whole machine's, and
/// no time namespace has one of its own (time_namespaces(7)).
final class ClockWatch {
    private let timer: TimerFD
    private var registration: Registration?

    init(on loop: EventLoop, onSet: @escaping () -> Void) throws(Errno) {
        timer = try TimerFD()
        registration = try loop.register(timer.raw, for: .read) { [weak self] _ in
            if self?.timer.takeCancellation() == true { onSet() }
        }
    }

    deinit {
        registration?.cancel()
    }
}
