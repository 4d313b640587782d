internal import ControlProtocol
internal import DequeModule
internal import LinuxSystem
internal import Logging
internal import Synchronization
internal import SystemTypes

/// The last lines that keepd itself has logged, by their numbers, for whoever asks.
///
/// Any thread may log.
final class LogMemory: Sendable {
    static let linesMax = 1_000

    private struct State {
        /// Of the last line; the first one has 1.
        var number = 0
        var lines: Deque<Control.DaemonLog.Line> = []
        var onLine: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Told that there is a line, on whatever thread has logged it.
    func onLine(_ listener: (@Sendable () -> Void)?) {
        state.withLock { $0.onLine = listener }
    }

    /// Of the last line.
    var number: Int { state.withLock(\.number) }

    func append(_ level: Logger.Level, _ message: String) {
        let line = Control.DaemonLog.Line(
            at: WallTime.now.rfc3339,
            level: level.rawValue,
            message: message
        )
        let listener = state.withLock { state in
            state.number += 1
            if state.lines.count == LogMemory.linesMax { state.lines.removeFirst() }
            state.lines.append(line)
            return state.onLine
        }
        listener?()
    }

    /// The lines after that of `number`, the oldest first, and how many of them are forgotten.
    func lines(after number: Int, countMax: Int) -> (lines: [Control.DaemonLog.Line], gap: Int) {
        state.withLock { state in
            let gap = max(0, state.number - state.lines.count - number)
            let rest = state.lines.suffix(state.number - number - gap)
            return (Array(rest.prefix(countMax)), gap)
        }
    }
}
