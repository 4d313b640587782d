internal import LinuxSystem
public import SystemPackage
public import SystemTypes

/// The signals that a loop reads, from one descriptor.
final class SignalSource {
    private let fd: SignalFD
    private var registration: Registration?
    private var bodies: [Signal: () -> Void] = [:]

    init(_ loop: EventLoop) throws(Errno) {
        fd = try SignalFD([])
        registration = try loop.register(fd.raw, for: .read, isUrgent: true) { [weak self] _ in
            self?.deliver()
        }
    }

    func set(_ body: (() -> Void)?, for signal: Signal) throws(Errno) {
        bodies[signal] = body
        try fd.setSignals(Set(bodies.keys))
    }

    func close() {
        registration?.cancel()
    }

    private func deliver() {
        while let signal = try? fd.next() { bodies[signal]?() }
    }
}

extension EventLoop {
    /// Calls `body` whenever `signal` arrives; takes the place of what was there before.
    ///
    /// The signal must be blocked in every thread of the process, best before the first is made;
    /// see ``SignalMask``. KILL and STOP cannot be had.
    public func onSignal(_ signal: Signal, _ body: @escaping () -> Void) throws(Errno) {
        precondition(signal != .kill && signal != .stop, "\(signal) cannot be caught")
        let source: SignalSource
        if let signals {
            source = signals
        } else {
            source = try SignalSource(self)
            signals = source
        }
        try source.set(body, for: signal)
    }
}
