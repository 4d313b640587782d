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
            let uptime = program.uptime.map { "uptime \(Elapsed.clock($0.rawValue))" }
            let health = program.isHealthy == false ? "unhealthy" : nil
            return [process, uptime, health, program.statusText]
        case .starting:
            return [process, sinceThen(program), program.statusText]
        case .stopping:
            return [process, sinceThen(program), wait(program)]
        case .waiting:
            return [wait(program), sinceThen(program)]
        case .backoff:
            return [program.lastExit?.reason, next(program)]
        case .fatal, .exited:
            return [program.lastExit?.reason, program.lastExit.flatMap(time), nextRun(program)]
        case .stopped:
            let reason = program.lastExit?.reason ?? "not started"
            return [reason, program.lastExit.flatMap(time), nextRun(program)]
        }
    }

    private func time(of end: LastExit) -> String? {
        WallTime(rfc3339: end.at).map { at in
            Elapsed.ago(at.seconds(until: now)) ?? at.text(in: zone)
        }
    }

    /// How long it has been in its state.
    private func sinceThen(_ program: Program) -> String? {
        WallTime(rfc3339: program.since).map { "for \(Elapsed.short($0.seconds(until: now)))" }
    }

    private func wait(_ program: Program) -> String? {
        let names = program.waitingFor.joined(separator: ", ")
        return names.isEmpty ? nil : "waits for \(names)"
    }

    private func next(_ program: Program) -> String? {
        guard let at = program.nextAttempt.flatMap(WallTime.init(rfc3339:)) else { return nil }
        return "restart in \(Elapsed.short(now.seconds(until: at))) (failure \(program.failures))"
    }

    /// Of one that rests until its schedule starts it.
    private func nextRun(_ program: Program) -> String? {
        program.nextAttempt.flatMap(WallTime.init(rfc3339:)).map { at in
            "next run in \(Elapsed.short(now.seconds(until: at)))"
        }
    }
}
