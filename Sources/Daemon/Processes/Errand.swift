internal import LinuxSystem
internal import Reactor
internal import SystemPackage
internal import SystemTypes

/// A command that keepd runs for its own ends, and that does not outlive its time.
///
/// What it has started by then goes with it, as far as it has stayed in its group or below it.
final class Errand {
    enum Ending: Equatable {
        case ended(ExitStatus)
        /// It was killed, for its time was over.
        case timedOut
    }

    private let loop: EventLoop
    private var child: Child?
    private var timer: TimerHandle?
    private var isTimedOut = false
    private var done: ((Ending) -> Void)?

    /// - Parameters:
    ///   - stdio: Descriptors that become 0, 1 and 2 of the command.
    ///   - limit: `nil` if somebody else sees to its end.
    ///   - done: Called once, unless it is cancelled before.
    /// - Throws: Then no process is left, and `done` is not called.
    init(
        _ request: SpawnRequest,
        stdio: (CInt, CInt, CInt),
        limit: Duration?,
        on loop: EventLoop,
        done: @escaping (Ending) -> Void
    ) throws(SpawnError) {
        self.loop = loop
        self.done = done
        child = try loop.spawn(request, stdio: stdio) { [self] in ended($0) }
        timer = limit.map { limit in
            loop.callLater(limit) { [weak self] in self?.timeOut() }
        }
    }

    /// Goes on with one that another daemon has begun.
    init(
        _ state: ErrandState,
        _ luggage: Luggage,
        on loop: EventLoop,
        done: @escaping (Ending) -> Void
    ) throws(Errno) {
        self.loop = loop
        self.done = done
        isTimedOut = state.isTimedOut
        let pidfd = PidFD(adopting: try luggage.unpack(state.process.descriptor))
        child = try loop.adopt(state.process.process, pidfd) { [self] in ended($0) }
        timer = state.deadline.map { loop.callAt($0) { [weak self] in self?.timeOut() } }
    }

    /// `nil` once it has ended.
    func state(_ luggage: Luggage) -> ErrandState? {
        child.map { child in
            ErrandState(
                process: ProcessState(
                    process: child.process,
                    descriptor: luggage.pack(child.descriptor)
                ),
                deadline: isTimedOut ? nil : timer?.deadline,
                isTimedOut: isTimedOut
            )
        }
    }

    /// Kills it, for its time is over.
    func timeOut() {
        isTimedOut = true
        kill()
    }

    private func ended(_ status: ExitStatus) {
        timer?.cancel()
        child = nil
        let done = done
        self.done = nil
        done?(isTimedOut ? .timedOut : .ended(status))
    }

    /// Kills it, and says nothing of its end any more.
    func cancel() {
        done = nil
        kill()
    }

    private func kill() {
        guard let child else { return }
        let below = Descendants.below(child.process)
        try? child.sendToGroup(.kill)
        for process in below { process.send(.kill) }
    }
}
