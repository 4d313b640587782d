internal import LinuxSystem
internal import Reactor
internal import Supervision
internal import SystemTypes
internal import Systemd

/// Tells the service manager that started keepd how it stands; without one, nobody.
///
/// Belongs to the supervision loop, and is heard from only while that goes round: that is what the
/// manager's watchdog waits for.
final class ServiceReporter {
    /// How long after a change the manager hears of it, along with what has changed by then.
    private static let delay = Duration.milliseconds(50)
    /// Between one line and the next.
    private static let pause = Duration.seconds(1)
    /// What the end may take after the last program was killed: for strays, and for disks.
    private static let patience = Duration.seconds(15)

    private let loop: EventLoop
    private let conductor: Conductor
    private let channel: ServiceChannel
    private var timer: TimerHandle?
    private var lastLine = ""
    private var lastSent: Instant?
    private var isEnding = false

    init(_ channel: ServiceChannel, loop: EventLoop, conductor: Conductor) {
        self.channel = channel
        self.loop = loop
        self.conductor = conductor
    }

    /// The socket answers, and what starts by itself is on its way.
    func begin() {
        channel.send(.ready)
        changed()
        guard let patience = ServiceWatchdog.patience else { return }
        channel.send(.alive)
        loop.callRepeatedly(every: patience / 2) { [channel] in channel.send(.alive) }
    }

    /// Something may be otherwise than before.
    func changed() {
        if conductor.supervisor.isShuttingDown, !isEnding { beginEnd() }
        guard timer == nil else { return }
        let soon = loop.now + ServiceReporter.delay
        let next = lastSent.map { max($0 + ServiceReporter.pause, soon) } ?? soon
        timer = loop.callAt(next) { [weak self] in self?.tell() }
    }

    private func tell() {
        timer = nil
        let line = conductor.supervisor.serviceStatus
        guard line != lastLine else { return }
        (lastLine, lastSent) = (line, loop.now)
        channel.send(.status(line))
    }

    private func beginEnd() {
        isEnding = true
        channel.send(.stopping)
        guard let end = conductor.supervisor.killAt else { return }
        let rest = end + ServiceReporter.patience - loop.now
        channel.send(.extended(microseconds: rest.nanoseconds / 1_000))
    }

    // MARK: - Another configuration

    func reloading() {
        channel.send(.reloading(monotonicMicroseconds: Instant.now.nanoseconds / 1_000))
    }

    func reloaded() {
        channel.send(.ready)
    }
}
