internal import ControlProtocol

/// Numbers about all programs, in the text format of OpenMetrics.
///
/// Source: OpenMetrics 1.0.0, "Text format".
struct MetricsText {
    private(set) var text = ""

    init(of programs: [Program]) {
        family("keepd", .info, "The daemon itself.")
        sample("keepd_info", [("version", Release.version)], "1")

        family("keepd_program_state", .stateset, "The state that each instance is in.")
        for program in programs {
            for state in State.allCases {
                sample(
                    "keepd_program_state",
                    labels(program) + [("keepd_program_state", state.rawValue)],
                    state == program.state ? "1" : "0"
                )
            }
        }
        lastExits(of: programs)
        let whose = "Of all its processes where its cgroup counts that, else of the main one."
        gauge("keepd_program_ready", "Whether it is.", programs) { $0.isReady ? "1" : "0" }
        gauge("keepd_program_healthy", "Whether it is, where that is checked.", programs) {
            $0.isHealthy.map { $0 ? "1" : "0" }
        }
        gauge("keepd_program_failures", "Failures in a row.", programs) { "\($0.failures)" }
        gauge("keepd_program_uptime_seconds", "Of the process.", unit: "seconds", programs) {
            $0.uptime.map { "\($0.rawValue)" }
        }
        gauge("keepd_program_memory_bytes", whose, unit: "bytes", programs) {
            $0.memoryBytes.map(String.init)
        }
        counter("keepd_program_restarts", "Starts that its policy asked for.", programs) {
            [([], "\($0.restarts)")]
        }
        counter("keepd_program_cpu_seconds", whose, unit: "seconds", programs) {
            $0.processorTime.map { [([], "\($0.rawValue)")] } ?? []
        }
        counter("keepd_program_log_bytes", "What it has printed.", unit: "bytes", programs) {
            [
                ([("stream", "stdout")], "\($0.logBytes.stdout)"),
                ([("stream", "stderr")], "\($0.logBytes.stderr)"),
            ]
        }
        log("keepd_program_log_lines", "Lines that it has printed.", programs) { "\($0.lines)" }
        log("keepd_program_log_dropped_bytes", "What was left out.", unit: "bytes", programs) {
            "\($0.droppedBytes)"
        }
        log("keepd_program_log_dropped_lines", "Lines that were left out.", programs) {
            "\($0.droppedLines)"
        }
        log("keepd_program_log_rotations", "Files that were followed by another.", programs) {
            "\($0.rotations)"
        }
        log(
            "keepd_program_log_stalled_seconds",
            "How long its output took nothing.",
            unit: "seconds",
            programs
        ) {
            "\($0.stalled.rawValue)"
        }
        text += "# EOF\n"
    }

    private mutating func lastExits(of programs: [Program]) {
        let name = "keepd_program_last_exit"
        family(name, .info, "Why its last run ended; code or signal where it had one.")
        for program in programs {
            guard let exit = program.lastExit else { continue }
            let more = [("code", exit.code.map(String.init)), ("signal", exit.signal)]
                .compactMap { label, value in value.map { (label, $0) } }
            sample("\(name)_info", labels(program) + [("cause", exit.cause)] + more, "1")
        }
    }

    private typealias Label = (name: String, value: String)

    private enum Kind: String {
        case gauge, counter, info, stateset
    }

    private mutating func gauge(
        _ name: String,
        _ help: String,
        unit: String? = nil,
        _ programs: [Program],
        _ value: (Program) -> String?
    ) {
        family(name, .gauge, help, unit: unit)
        for program in programs {
            if let value = value(program) { sample(name, labels(program), value) }
        }
    }

    private mutating func counter(
        _ name: String,
        _ help: String,
        unit: String? = nil,
        _ programs: [Program],
        _ values: (Program) -> [([Label], String)]
    ) {
        family(name, .counter, help, unit: unit)
        for program in programs {
            for (more, value) in values(program) {
                sample("\(name)_total", labels(program) + more, value)
            }
        }
    }

    /// A number of each stream.
    private mutating func log(
        _ name: String,
        _ help: String,
        unit: String? = nil,
        _ programs: [Program],
        _ value: (Program.Log.Stream) -> String
    ) {
        counter(name, help, unit: unit, programs) { program in
            guard let log = program.log else { return [] }
            return [
                ([("stream", "stdout")], value(log.stdout)),
                ([("stream", "stderr")], value(log.stderr)),
            ]
        }
    }

    private mutating func family(
        _ name: String,
        _ kind: Kind,
        _ help: String,
        unit: String? = nil
    ) {
        text += "# TYPE \(name) \(kind.rawValue)\n"
        if let unit { text += "# UNIT \(name) \(unit)\n" }
        text += "# HELP \(name) \(help)\n"
    }

    private mutating func sample(_ name: String, _ labels: [Label], _ value: String) {
        // The names of programs hold nothing that would have to be escaped.
        let list = labels.map { "\($0.name)=\"\($0.value)\"" }
        text += "\(name){\(list.joined(separator: ","))} \(value)\n"
    }

    private func labels(_ program: Program) -> [Label] {
        [("name", program.name), ("program", program.program)]
    }
}
