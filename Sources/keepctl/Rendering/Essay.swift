import ControlProtocol
import LinuxSystem
import SystemTypes

/// Why a program is in its state, in as many lines as it takes.
struct Essay {
    let now: WallTime
    let zone: WallTime.Zone
    let paint: Paint

    func lines(on explanation: Control.Explanation) -> [String] {
        let program = explanation.program
        let reason = Explanation(now: now, zone: zone).text(of: program)
        let state = "\(program.name.printable): \(paint.word(for: program.state))"
        let since = WallTime(rfc3339: program.since)?.text(in: zone) ?? program.since
        var lines = [reason.isEmpty ? state : "\(state), \(reason)", "  since \(since)"]
        lines.append("  wanted \(explanation.goal), \(start(explanation))")
        if let at = program.nextAttempt.flatMap(WallTime.init(rfc3339:)) {
            let deed = program.state == .backoff ? "restart" : "run"
            lines.append("  next \(deed) at \(at.text(in: zone))")
        }
        lines += explanation.needs.map { need in
            let mark = need.isMet ? "which is so" : "which is not so yet"
            return "  needs \(need.program.printable) \(need.condition), \(mark)"
        }
        if !explanation.neededBy.isEmpty {
            lines.append("  needed by \(explanation.neededBy.joined(separator: ", ").printable)")
        }
        if program.isHealthy == false { lines.append("  its health check fails") }
        guard !explanation.runs.isEmpty else { return lines + ["  never started"] }
        let runs = RunTable(now: now, zone: zone).lines(of: explanation.runs)
        return lines + runs.map { "  \($0)" }
    }

    private func start(_ explanation: Control.Explanation) -> String {
        explanation.isEnabled ? "starts with keepd" : "does not start with keepd"
    }
}
