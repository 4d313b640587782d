internal import LinuxSystem
public import SystemPackage
public import SystemTypes

/// The signals that a loop reads, from one descriptor.
final class SignalSource {
    /// Who is told of a signal.
    struct Listener {
        let body: () throws -> Void
        let place: Place
        /// Called when it is told no more.
        let ended: () -> Void
    }

    private unowned let loop: EventLoop
    private let fd: SignalFD
    private var registration: Registration?
    private var listeners: [Signal: Listener] = [:]
    /// What was blocked for the sake of a listener, and was not before.
    private var blocked: [Signal: SignalMask] = [:]

    init(_ loop: EventLoop) throws(Errno) {
        self.loop = loop
        fd = try SignalFD([])
        registration = try loop.register(fd.raw, for: .read, isUrgent: true) { [weak self] _ in
            self?.deliver()
        }
    }

    /// Takes the place of the listener before.
    func add(_ signal: Signal, _ listener: Listener) throws(Errno) {
        if let former = listeners.updateValue(listener, forKey: signal) { return former.ended() }
        blocked[signal] = SignalMask.block([signal])
        do {
            try fd.setSignals(Set(listeners.keys))
        } catch {
            listeners[signal] = nil
            blocked.removeValue(forKey: signal)?.unblock()
            throw error
        }
    }

    /// - Returns: Whether there was one.
    func remove(_ signal: Signal) -> Bool {
        guard let listener = listeners.removeValue(forKey: signal) else { return false }
        // It was possible with one more, so it is with one less.
        try? fd.setSignals(Set(listeners.keys))
        blocked.removeValue(forKey: signal)?.unblock()
        listener.ended()
        return true
    }

    func close() {
        for signal in listeners.keys { _ = remove(signal) }
        registration?.cancel()
    }

    private func deliver() {
        while let signal = try? fd.next() {
            guard let listener = listeners[signal] else { continue }
            loop.attempt(listener.body, .signal, listener.place)
        }
    }
}

extension EventLoop {
    /// Calls `body` whenever `signal` arrives; takes the place of what was there before.
    ///
    /// The signal is blocked on the calling thread, and threads that are made from now on inherit
    /// that. In a process that has other threads already they must have blocked it too, or one of
    /// them gets it: see `SignalMask`.
    ///
    /// - Precondition: `signal` is neither KILL nor STOP, which cannot be caught.
    ///
    /// Source: signalfd(2).
    public func addSignalHandler(
        _ signal: Signal,
        _ body: @escaping () throws -> Void,
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws(Errno) {
        try listen(to: signal, at: Place(file, line), body)
    }

    /// Gives `signal` back what it did before ``addSignalHandler(_:_:file:line:)``.
    ///
    /// One that has arrived and has not been delivered is not lost: it does that at once.
    ///
    /// - Returns: Whether there was anything to remove.
    public func removeSignalHandler(_ signal: Signal) -> Bool {
        signals?.remove(signal) ?? false
    }

    func listen(
        to signal: Signal,
        at place: Place,
        _ body: @escaping () throws -> Void,
        ended: @escaping () -> Void = {}
    ) throws(Errno) {
        precondition(signal != .kill && signal != .stop, "\(signal) cannot be caught")
        let source: SignalSource
        if let signals {
            source = signals
        } else {
            source = try SignalSource(self)
            signals = source
        }
        try source.add(signal, SignalSource.Listener(body: body, place: place, ended: ended))
    }
}
