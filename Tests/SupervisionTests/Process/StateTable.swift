import Supervision
import SystemTypes

/// The transitions of the machine as tables of Markdown, found by running it.
struct StateTable {
    /// One step that was taken: from where, with what given, to what end.
    private struct Step {
        let circumstances: Circumstances
        let outcome: String
    }

    /// What the outcome may depend on, each with the words for how it was.
    private typealias Circumstances = [String]

    private static let columns = [
        "start", "stop", "kill", "spawned", "spawnFailed", "exited", "treeGone", "deadlineReached",
    ]

    private let situations: [(name: String, all: [Situation])]

    init() {
        var names: [String] = []
        for situation in Situation.all where !names.contains(situation.name) {
            names.append(situation.name)
        }
        situations = names.map { name in (name, Situation.all.filter { $0.name == name }) }
    }

    // MARK: - Tables

    /// What users see of each state, and what ends it if nothing is reported.
    var states: String {
        let rows = situations.map { name, all in
            let machine = all[0].machine
            let deadline = machine.deadline == nil ? "–" : "yes"
            let process = machine.process == nil ? "–" : "yes"
            return "| `\(name)` | `\(machine.phase)` | \(process) | \(deadline) |"
        }
        return "| state | shown as | process | deadline |\n| --- | --- | --- | --- |\n"
            + rows.joined(separator: "\n")
    }

    /// Rows are states, columns are events; `–` is what cannot happen.
    var transitions: String {
        let head = "| | " + Self.columns.map { "`\($0)`" }.joined(separator: " | ") + " |\n"
        let rule = "| --- " + Self.columns.map { _ in "| --- " }.joined() + "|\n"
        let rows = situations.map { name, all in
            "| **`\(name)`** | "
                + Self.columns.map { cell($0, in: all) }.joined(separator: " | ") + " |"
        }
        return head + rule + rows.joined(separator: "\n")
    }

    /// How many pairs of a state and an event can happen, and how many there are.
    var count: (possible: Int, all: Int) {
        let pairs = situations.flatMap { _, all in
            Self.columns.map { cell($0, in: all) != "–" }
        }
        return (pairs.count { $0 }, pairs.count)
    }

    // MARK: - Cells

    private func cell(_ column: String, in situations: [Situation]) -> String {
        let steps = situations.flatMap { situation in
            Self.events(column).flatMap { self.steps(from: situation, with: $0) }
        }
        guard !steps.isEmpty else { return "–" }
        var outcomes: [String] = []
        for step in steps where !outcomes.contains(step.outcome) { outcomes.append(step.outcome) }
        // Whoever reads takes the first line that fits, so the special ones come first.
        return outcomes.map { (conditions(of: $0, among: steps), $0) }
            .sorted { $0.0.count > $1.0.count }
            .map { ($0.isEmpty ? "" : $0.joined(separator: ", ") + ": ") + $1 }
            .joined(separator: "<br>")
    }

    /// The circumstances that were the same whenever it came to `outcome`, and not always so.
    private func conditions(of outcome: String, among steps: [Step]) -> [String] {
        let those = steps.filter { $0.outcome == outcome }
        let words = those[0].circumstances.indices.filter { index in
            let word = those[0].circumstances[index]
            return those.allSatisfy { $0.circumstances[index] == word }
                && steps.contains { $0.circumstances[index] != word }
        }.map { those[0].circumstances[$0] }
        // The goal itself says more than that it is not `up`.
        return words.contains { $0 == "goal down" || $0 == "goal gone" }
            ? words.filter { $0 != "goal not up" } : words.filter { $0 != "goal is up" }
    }

    private static func events(_ column: String) -> [ProcessMachine.Event] {
        switch column {
        case "start": [.start]
        case "stop": [.stop]
        case "kill": [.kill]
        case "spawned": [.spawned(.seven)]
        case "spawnFailed": [.spawnFailed]
        case "exited":
            [0, 1].flatMap { code in [0, 1].map { .exited(code: code, survivors: $0) } }
        case "treeGone": [.treeGone]
        case "deadlineReached": [.deadlineReached]
        default: []
        }
    }

    private func steps(from situation: Situation, with event: ProcessMachine.Event) -> [Step] {
        guard situation.machine.canHappen(event) else { return [] }
        let machine = situation.machine
        // An exit may come before the deadline or at its very instant.
        var moments = [machine.deadline ?? situation.now]
        if event != .deadlineReached { moments.insert(situation.now, at: 0) }
        return moments.map { now in
            var next = machine
            let effects = next.handle(event, at: now)
            return Step(
                circumstances: circumstances(of: machine, event, at: now),
                outcome: outcome(of: next, after: machine, effects)
            )
        }
    }

    private func outcome(
        of next: ProcessMachine,
        after machine: ProcessMachine,
        _ effects: [ProcessMachine.Effect]
    ) -> String {
        let state = "`\(ProcessMachine.name(of: next.state))`"
        let verbs = effects.map { String(String(describing: $0).prefix { $0 != "(" }) }
        if !verbs.isEmpty { return "\(state), *\(verbs.joined(separator: ", "))*" }
        return ProcessMachine.name(of: machine.state) == ProcessMachine.name(of: next.state)
            ? "stays" : state
    }

    private func circumstances(
        of machine: ProcessMachine,
        _ event: ProcessMachine.Event,
        at now: Instant
    ) -> Circumstances {
        let restart = machine.policy.restart
        var (status, survivors) = (SystemTypes.ExitStatus?.none, "")
        var wasSteady = false
        if case .exited(let reported, let count) = event {
            (status, survivors) = (reported, count > 0 ? "survivors" : "all gone")
            if case .starting(_, let since) = machine.state {
                wasSteady = now >= since + machine.policy.start.settle
            }
        }
        if case .clearing(.unasked(let reported, let steady)) = machine.state {
            (status, wasSteady) = (reported, steady)
        }
        let givesUp =
            restart.givesUp(after: machine.failures + 1)
            || (event == .spawnFailed && restart.when == .never)
        return [
            "goal \(machine.goal)",
            machine.goal == .up ? "goal is up" : "goal not up",
            survivors,
            status.map { restart.restarts(after: $0) ? "policy restarts" : "policy leaves it" }
                ?? "ordered",
            wasSteady ? "steady" : "failure",
            givesUp ? "no tries left" : "tries left",
        ]
    }
}
