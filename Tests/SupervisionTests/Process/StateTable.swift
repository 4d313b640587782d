import OrderedCollections
import Supervision
import SystemTypes

/// The transitions of the machine as tables of Markdown, found by running it.
struct StateTable {
    /// One step that was taken: from where, with what given, to what end.
    private struct Step {
        let circumstances: [String]
        let outcome: String
    }

    private static let orders = [
        "start", "stop", "kill", "leave", "hold", "release", "makeWay", "free",
        "dependencyFailed", "withdrawn",
    ]
    private static let reports = [
        "spawned", "spawnFailed", "ready", "mainProcess", "unhealthy", "extended",
        "stopCommandEnded", "exited", "treeGone", "deadlineReached",
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

    var orders: String { table(of: Self.orders) }
    var reports: String { table(of: Self.reports) }

    /// The outcomes of each event by state; what cannot happen is left out.
    private func table(of events: [String]) -> String {
        events.map { event in
            var states: OrderedDictionary<String, [String]> = [:]
            for (name, all) in situations {
                if let cell = cell(event, in: all) { states[cell, default: []].append("`\(name)`") }
            }
            let rows = states.map { "| \($1.joined(separator: ", ")) | \($0) |" }
            return "`\(event)`\n\n| in | becomes |\n| --- | --- |\n" + rows.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    /// How many pairs of a state and an event can happen, and how many there are.
    var count: (possible: Int, all: Int) {
        let pairs = situations.flatMap { _, all in
            (Self.orders + Self.reports).map { cell($0, in: all) != nil }
        }
        return (pairs.count { $0 }, pairs.count)
    }

    // MARK: - Cells

    private func cell(_ event: String, in situations: [Situation]) -> String? {
        let steps = situations.flatMap { situation in
            Self.events(event).flatMap { self.steps(from: situation, with: $0) }
        }
        guard !steps.isEmpty else { return nil }
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
        var words: [String] = []
        for index in those[0].circumstances.indices {
            let word = those[0].circumstances[index]
            guard !word.isEmpty, !words.contains(word),
                those.allSatisfy({ $0.circumstances[index] == word }),
                steps.contains(where: { $0.circumstances[index] != word })
            else { continue }
            words.append(word)
        }
        // The goal itself says more than the kind of goals it is one of.
        return words.contains { $0.hasPrefix("goal") && !$0.contains("or") }
            ? words.filter { !$0.hasPrefix("goal") || !$0.contains("or") } : words
    }

    private static func events(_ name: String) -> [ProcessMachine.Event] {
        switch name {
        case "exited":
            [0, 1].flatMap { code in [0, 1].map { .exited(code: code, survivors: $0) } }
        default:
            all.filter { "\($0)".prefix { $0 != "(" } == name }
        }
    }

    private static let all: [ProcessMachine.Event] = [
        .start, .stop, .kill, .leave, .hold, .release, .makeWay, .free, .dependencyFailed,
        .withdrawn, .spawned(.seven), .spawnFailed, .ready, .mainProcess(.eight), .unhealthy,
        .extended(.seconds(1_000)), .stopCommandEnded, .treeGone, .deadlineReached,
    ]

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
                circumstances: Circumstances(of: machine, event, at: now).words,
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
        guard ProcessMachine.name(of: machine.state) == ProcessMachine.name(of: next.state) else {
            return state
        }
        let isLater = next.deadline ?? .zero > machine.deadline ?? .zero
        return isLater ? "stays, with a later deadline" : "stays"
    }
}
