/// What came of an ``Order``: of each instance in one reply, or with `more` of some in each.
public struct Outcomes: Codable, Equatable, Sendable {
    public var outcomes: [Outcome]

    public init(outcomes: [Outcome]) {
        self.outcomes = outcomes
    }
}
