import ControlProtocol
import LinuxSystem
import SystemTypes

/// Why programs are in their states, each in half a line.
struct Explanation {
    let now: WallTime
    let zone: WallTime.Zone

    /// Free of control characters.
    func text(of program: Program) -> String {
        facts(of: program).compactMap { $0 }.joined(separator: ", ").printable
    }

    private func facts(of program: Program) -> [String?] {
        let process = program.pid.map { "pid \($0)" }
        switch program.state {
        case .running:
            let uptime = program.uptimeSeconds.map { "uptime \(Elapsed.clock($0))" }
            let health = program.isHealthy == false ? "unhealthy" : nil
            return [process, uptime, health, program.statusText]
        case .starting:
            return [process, program.statusText]
        case .stopping:
            return [process]
        case .waiting:
            let names = program.waitingFor.joined(separator: ", ")
            return [names.isEmpty ? nil : "waits for \(names)"]
        case .backoff:
            return [program.lastExit?.reason, next(program)]
        case .fatal:
            return [program.lastExit?.reason]
        case .exited:
            return [program.lastExit?.reason, program.lastExit.map(time)]
        case .stopped:
            return [program.lastExit?.reason ?? "not started", program.lastExit.map(time)]
        }
    }

    private func time(of end: LastExit) -> String {
        WallTime(rfc3339: end.at)?.text(in: zone) ?? end.at
    }

    private func next(_ program: Program) -> String? {
        guard let at = program.nextAttempt.flatMap(WallTime.init(rfc3339:)) else { return nil }
        let seconds = Double(at.nanoseconds - now.nanoseconds) / 1e9
        return "restart in \(Elapsed.short(seconds)) (failure \(program.failures))"
    }
}

extension LastExit {
    fileprivate var reason: String {
        if let message { return message }
        return switch cause {
        case "exit": code.map { "exit code \($0)" } ?? cause
        case "signal": signal.map { "signal \($0)" } ?? cause
        case "stopped": by.map { "stopped by \($0)" } ?? cause
        default: cause
        }
    }
}
