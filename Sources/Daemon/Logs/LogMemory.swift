internal import ControlProtocol
internal import DequeModule
internal import LinuxSystem
internal import Logging
internal import Supervision
internal import Synchronization
internal import SystemTypes

/// The last lines that keepd itself has logged, by their numbers, for whoever asks.
///
/// Any thread may log.
final class LogMemory: Sendable {
    static let linesMax = 1_000

    /// What is remembered.
    struct Lines: Codable, Sendable {
        /// Of the last line; the first one has 1.
        var number = 0
        var lines: Deque<Control.DaemonLog.Line> = []
    }

    private struct State {
        var lines: Lines
        var onLine: (@Sendable () -> Void)?
    }

    private let state: Mutex<State>

    /// - Parameter lines: Of a daemon before.
    init(_ lines: Lines = Lines()) {
        state = Mutex(State(lines: lines))
    }

    var lines: Lines { state.withLock(\.lines) }

    /// Told that there is a line, on whatever thread has logged it.
    func onLine(_ listener: (@Sendable () -> Void)?) {
        state.withLock { $0.onLine = listener }
    }

    /// Of the last line.
    var number: Int { state.withLock(\.lines.number) }

    func append(_ level: Logger.Level, _ message: String) {
        let line = Control.DaemonLog.Line(
            at: WallTime.now.rfc3339,
            level: level.rawValue,
            message: message
        )
        let listener = state.withLock { state in
            state.lines.number += 1
            if state.lines.lines.count == LogMemory.linesMax { state.lines.lines.removeFirst() }
            state.lines.lines.append(line)
            return state.onLine
        }
        listener?()
    }

    /// The lines after that of `number`, the oldest first, and how many of them are forgotten.
    func lines(after number: Int, countMax: Int) -> (lines: [Control.DaemonLog.Line], gap: Int) {
        let known = lines
        let gap = max(0, known.number - known.lines.count - number)
        let rest = known.lines.suffix(known.number - number - gap)
        return (Array(rest.prefix(countMax)), gap)
    }
}

extension LogMemory.Lines: Templated {
    static let template = LogMemory.Lines()
}
