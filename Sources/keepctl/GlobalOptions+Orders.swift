import ControlClient
import ControlProtocol

extension GlobalOptions {
    /// Gives an order, and tells what comes of it as it comes; as JSON in one piece at the end.
    ///
    /// - Parameter isWaiting: Whether the answers are outcomes, or only the states after the order.
    /// - Throws: The exit status, if a program has failed.
    func carryOut<R: Request>(
        _ request: R,
        as deed: Deed,
        isWaiting: Bool = true
    ) throws where R.Answer == Outcomes {
        var outcomes: [Outcome] = []
        var client = try connect()
        try client.callMore(request) { answer in
            outcomes += answer.outcomes
            guard !json else { return }
            for outcome in answer.outcomes { deed.tell(outcome, isDone: isWaiting) }
        }
        if json { Console.write(json: outcomes) }
        if outcomes.contains(where: { $0.failed != nil }) { throw Verdict.refused.exitCode }
    }
}
