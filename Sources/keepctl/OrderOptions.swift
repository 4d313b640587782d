import ArgumentParser
import ControlClient
import ControlProtocol

/// What `start`, `stop` and `restart` have in common.
struct OrderOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The programs.", valueName: "NAME"))
    var names: [String]

    @Flag(name: .customLong("no-wait"), help: "Do not wait until it is done.")
    var isNotWaiting = false

    @Option(
        help: ArgumentHelp("The longest time to wait: 500ms, 1.5s, 2m, 1h.", valueName: "time"),
        transform: Duration.init(parsing:)
    )
    var timeout: Duration?

    /// Gives the order, and tells what comes of it as it comes.
    func carryOut<O: Order>(_: O.Type, as deed: Deed, _ global: GlobalOptions) throws {
        let order = O(
            names: names,
            wait: !isNotWaiting,
            timeoutMilliseconds: timeout.map { UInt($0 / .milliseconds(1)) }
        )
        var client = try global.connect()
        var outcomes: [Outcome] = []
        try client.callMore(order) { answer in
            outcomes += answer.outcomes
            if !global.json { answer.outcomes.forEach(report(as: deed)) }
        }
        if global.json { Console.write(json: outcomes) }
        if outcomes.contains(where: { $0.failed != nil }) { throw Verdict.refused.exitCode }
    }

    private func report(as deed: Deed) -> (Outcome) -> Void {
        { outcome in
            if let failure = outcome.failed {
                deed.sentences(of: failure, for: outcome.name).forEach(Console.writeError)
            } else if isNotWaiting {
                Console.write(line: "\(outcome.name): \(outcome.state)")
            } else {
                Console.write(line: "\(outcome.name): \(deed.done)")
            }
        }
    }
}
