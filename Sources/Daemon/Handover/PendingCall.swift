internal import ControlProtocol
internal import Supervision
internal import SystemTypes

/// A call that one daemon has begun to answer, and that the next goes on with.
struct PendingCall: Codable, Sendable {
    /// As it came.
    var message: Blob
    var rest: Rest

    /// What is still to be told.
    enum Rest: Codable, Sendable {
        /// That there is a next daemon.
        case handover
        /// What comes after that number.
        case numbered(Int)
        /// What is printed from now on.
        case printed
        case order(PendingOrder)
    }
}

/// An order that is being carried out, and whose client waits for it.
struct PendingOrder: Codable, Sendable {
    /// Those who are not where they shall be, or have not been told of.
    var targets: [OrderWatch.Target]
    /// Those who are, and will be told of at the end.
    var outcomes: [Outcome] = []
    /// When the client's patience ends.
    var deadline: Instant?
    var answer: OrderAnswer
}

/// How what has come of an order is told.
enum OrderAnswer: Codable, Sendable {
    case outcomes
    /// With the plan, unless that has been told.
    case application(Control.Plan?)

    func made(of outcomes: [Outcome]) -> any Encodable {
        switch self {
        case .outcomes: Outcomes(outcomes: outcomes)
        case .application(let plan): Control.Apply.Answer(plan: plan, outcomes: outcomes)
        }
    }
}
