import ControlProtocol
import LinuxSystem
import SystemTypes

/// Runs, one a line, and below each what is remarkable about it.
struct RunTable {
    let now: WallTime
    let zone: WallTime.Zone

    func lines(of runs: [Control.Run]) -> [String] {
        guard !runs.isEmpty else { return ["no runs"] }
        var table = TextTable()
        table.add(["NAME", "STARTED", "PID", "READY", "LASTED", "END"])
        for run in runs { table.add(cells(of: run)) }
        var lines = table.lines
        // From the last one on, so that those above keep their places.
        for (index, run) in runs.enumerated().reversed() {
            let survivors = run.leftBehind.map {
                "  left behind process \($0.pid): \($0.command.printable)"
            }
            lines.insert(contentsOf: takeover(of: run) + survivors, at: index + 2)
        }
        return lines
    }

    private func takeover(of run: Control.Run) -> [String] {
        guard let text = run.takenOver else { return [] }
        let at = WallTime(rfc3339: text)?.text(in: zone) ?? text
        return ["  taken over at \(at), after a crash of keepd"]
    }

    private func cells(of run: Control.Run) -> [String] {
        let start = WallTime(rfc3339: run.started)
        func elapsed(to text: String?) -> String {
            guard let start, let end = text.flatMap(WallTime.init(rfc3339:)) else { return "-" }
            return Elapsed.short(start.seconds(until: end))
        }
        return [
            run.name, start?.text(in: zone) ?? run.started, run.pid.map(String.init) ?? "-",
            elapsed(to: run.ready), elapsed(to: run.ended ?? now.rfc3339), end(of: run),
        ]
    }

    private func end(of run: Control.Run) -> String {
        let end = run.exit?.reason ?? (run.ended == nil ? "(runs)" : "unknown")
        return run.by.map { "\(end); started by \($0)" } ?? end
    }
}

extension WallTime {
    func seconds(until end: WallTime) -> Double {
        Double(end.nanoseconds - nanoseconds) / 1e9
    }
}
