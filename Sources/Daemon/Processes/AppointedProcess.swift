internal import LinuxSystem
internal import Reactor
internal import SystemPackage
internal import SystemTypes

/// A process that a program has named as its main one, and that keepd has not started.
///
/// How it ended can be said if it is a child of keepd by then, as an orphan is; else its parent is
/// told, and the kernel remembers it from Linux 6.15 on.
final class AppointedProcess {
    /// How long its parent may take to look at its end.
    private static let patience = Duration.seconds(1)

    let process: ProcessID
    private let pidfd: PidFD
    private let loop: EventLoop
    private var registration: Registration?
    private var timer: TimerHandle?
    private var onExit: ((ExitStatus?) -> Void)?

    /// - Parameter onExit: Called once; without a status, if nobody can say it.
    /// - Throws: `.noSuchProcess` if there is none.
    convenience init(
        _ process: ProcessID,
        on loop: EventLoop,
        onExit: @escaping (ExitStatus?) -> Void
    ) throws(Errno) {
        try self.init(process, PidFD(opening: process), on: loop, onExit: onExit)
    }

    init(
        _ process: ProcessID,
        _ pidfd: consuming PidFD,
        on loop: EventLoop,
        onExit: @escaping (ExitStatus?) -> Void
    ) throws(Errno) {
        self.process = process
        self.loop = loop
        self.onExit = onExit
        self.pidfd = pidfd
        registration = try loop.register(self.pidfd.raw, for: .read) { [weak self] readiness in
            self?.look(isReaped: readiness.contains(.hangUp))
        }
    }

    deinit {
        timer?.cancel()
        registration?.cancel()
    }

    func state(_ luggage: Luggage) -> ProcessState {
        ProcessState(process: process, descriptor: luggage.pack(pidfd.raw))
    }

    /// Its pidfd: lent.
    var descriptor: CInt { pidfd.raw }

    /// Its group now; others may have moved it.
    var group: Int32? { ProcessTable.entry(of: process)?.group }

    /// - Throws: `.noSuchProcess` once it has been reaped.
    func send(_ signal: Signal) throws(Errno) {
        try pidfd.send(signal)
    }

    private func look(isReaped: Bool) {
        if let status = (try? pidfd.reap())?.status ?? pidfd.statusOfReaped {
            return ended(status)
        }
        guard !isReaped else { return ended(nil) }
        // It stays readable; what is still to come is always reported.
        registration?.watch(for: .urgent)
        timer = loop.callLater(AppointedProcess.patience) { [weak self] in self?.ended(nil) }
    }

    /// It has been reaped, by keepd or by somebody else.
    func ended(_ status: ExitStatus?) {
        timer?.cancel()
        registration?.cancel()
        onExit.take()?(status)
    }
}
