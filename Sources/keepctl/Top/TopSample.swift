import ControlProtocol
import SystemTypes

/// How all programs were at one moment, and what they did since the moment before.
struct TopSample {
    /// One line of the table.
    struct Row: Equatable {
        let program: Program
        /// Of one processor; `nil` where nothing is known.
        let processorShare: Double?
        /// Bytes a second that it printed.
        let logRate: Double?
    }

    let rows: [Row]
    let at: Instant

    init(_ programs: [Program], at now: Instant, after past: TopSample?) {
        at = now
        let before = Dictionary(
            (past?.rows ?? []).map { ($0.program.name, $0.program) },
            uniquingKeysWith: { $1 }
        )
        let seconds = past.map { Double((now - $0.at).nanoseconds) / 1e9 } ?? 0
        rows = programs.map { program in
            let old = before[program.name]
            func rate(_ value: (Program) -> Double?) -> Double? {
                guard seconds > 0, let old, old.pid == program.pid,
                    let first = value(old), let second = value(program)
                else { return nil }
                return max(0, second - first) / seconds
            }
            return Row(
                program: program,
                processorShare: rate { $0.processorTime?.rawValue },
                logRate: rate { Double($0.logBytes.stdout + $0.logBytes.stderr) }
            )
        }
    }
}
