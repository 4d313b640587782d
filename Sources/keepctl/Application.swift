import ControlClient
import ControlProtocol

/// What comes of a changed configuration that is applied.
struct Application: Encodable {
    private(set) var plan: Control.Plan?
    private(set) var outcomes: [Outcome] = []

    /// Applies it, or what of it concerns the programs of the request.
    ///
    /// - Parameter each: Is given the outcomes as they come.
    init(
        of request: Control.Apply,
        by client: inout Client,
        _ global: GlobalOptions,
        each: (Outcome, Deed) -> Void = { _, _ in }
    ) throws {
        var (plan, outcomes): (Control.Plan?, [Outcome]) = (nil, [])
        try global.follow(request, by: &client, names: nil) { answer in
            if let first = answer.plan { plan = first }
            outcomes += answer.outcomes
            for outcome in answer.outcomes {
                each(outcome, Application.deed(on: outcome, by: plan))
            }
            return answer.outcomes.map(\.name)
        }
        self.plan = plan
        self.outcomes = outcomes
    }

    /// - Throws: The exit status, if a program has failed.
    func check() throws {
        if outcomes.contains(where: { $0.failed != nil }) { throw Verdict.refused.exitCode }
    }

    private static func deed(on outcome: Outcome, by plan: Control.Plan?) -> Deed {
        let program = outcome.name.prefix { $0 != ":" }
        let change = plan?.programs.first { $0.program == program }
        return change.map(Deed.init(applying:)) ?? .restart
    }
}
