import ControlProtocol

extension Deed {
    /// Tells what came of it: on standard output, or why not on standard error.
    ///
    /// - Parameter isDone: Whether the outcome is one, or only the state after the order.
    func tell(_ outcome: Outcome, isDone: Bool) {
        if let failure = outcome.failed {
            sentences(of: failure, for: outcome.name).forEach(Console.writeError)
        } else {
            Console.write(line: "\(outcome.name): \(isDone ? done : outcome.state.rawValue)")
        }
    }
}
