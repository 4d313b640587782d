/// Has the host carry out what the supervisor decides, one event at a time.
///
/// Belongs to the thread of its event loop, and is not `Sendable` so that the compiler keeps it
/// there.
public final class Conductor {
    public private(set) var supervisor: Supervisor
    private unowned let host: any Host
    /// Told of instances that may have changed, before anything follows from it.
    public var onTouch: (([InstanceID]) -> Void)?
    private var inbox: [Supervisor.Event] = []
    private var isDraining = false

    public init(_ supervisor: Supervisor, host: any Host) {
        self.supervisor = supervisor
        self.host = host
    }

    /// Handles `event` and all that follows from it.
    ///
    /// An effect may report back at once. Its event then waits in the inbox until the current one
    /// is done: no recursion, no half-made transition for anyone to see.
    public func handle(_ event: Supervisor.Event) {
        inbox.append(event)
        guard !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        var next = 0
        while next < inbox.count {
            let effects = supervisor.handle(inbox[next], at: host.now)
            if !supervisor.touched.isEmpty { onTouch?(supervisor.touched) }
            // Before the effects, for after `finish` nothing may be asked; and always, for a timer
            // that went off too early has to be set again.
            host.setDeadline(supervisor.deadline)
            effects.forEach(perform)
            next += 1
        }
        inbox.removeAll(keepingCapacity: true)
    }

    private func perform(_ effect: Supervisor.Effect) {
        switch effect {
        case .spawn(let run): host.spawn(run)
        case .probe(let run, let role, let attempt): host.probe(run, role, attempt: attempt)
        case .endProbe(let run): host.endProbe(run)
        case .runStopCommand(let run): host.runStopCommand(run)
        case .endStopCommand(let run): host.endStopCommand(run)
        case .signal(let run, let signal, let scope): host.signal(run, signal, scope: scope)
        case .signalSurvivors(let run, let signal): host.signalSurvivors(of: run, signal)
        case .killTree(let run): host.killTree(run)
        case .adopt(let run): host.adopt(run)
        case .announce(let change): host.announce(change)
        case .skip(let program): host.skip(program)
        case .forget(let id): host.forget(id)
        case .finish(let status): host.finish(status: status)
        }
    }
}
