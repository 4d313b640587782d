import ControlClient
import ControlProtocol
import LinuxSystem

extension GlobalOptions {
    /// Gives an order, and tells what comes of it as it comes; as JSON in one piece at the end.
    ///
    /// - Parameter names: Of those whose states are worth a look meanwhile.
    /// - Parameter isWaiting: Whether the answers are outcomes, or only the states after the order.
    /// - Throws: The exit status, if a program has failed.
    func carryOut<R: Request>(
        _ request: R,
        as deed: Deed,
        names: [String],
        isWaiting: Bool = true
    ) throws where R.Answer == Outcomes {
        var outcomes: [Outcome] = []
        var client = try connect()
        try follow(request, by: &client, names: names) { answer in
            outcomes += answer.outcomes
            guard !json else { return [] }
            for outcome in answer.outcomes { deed.tell(outcome, isDone: isWaiting) }
            return answer.outcomes.map(\.name)
        }
        if json { Console.write(json: outcomes) }
        if outcomes.contains(where: { $0.failed != nil }) { throw Verdict.refused.exitCode }
    }
    /// Asks for something that may take its time, and shows meanwhile on a terminal what it waits
    /// for.
    ///
    /// - Parameters:
    ///   - names: As for ``OrderProgress/run(_:names:each:)``.
    ///   - each: Is given the answers as they come, and says whom they are about.
    func follow<R: Request>(
        _ request: R,
        by client: inout Client,
        names: [String]?,
        each: (R.Answer) throws -> [String]
    ) throws {
        let isShown =
            !json && host == nil && Files.isTerminal(StandardStream.output.rawValue)
            && Files.isTerminal(StandardStream.error.rawValue)
        guard isShown else {
            try client.begin(request)
            while true {
                let replies = try client.takeReplies(to: R.self)
                for answer in replies.answers { _ = try each(answer) }
                if replies.isComplete { return }
            }
        }
        var progress = OrderProgress(events: try connect())
        try progress.run(request, by: &client, names: names, each: each)
    }
}
