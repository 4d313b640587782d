import ControlProtocol

/// The words for an order and for its success.
enum Deed: String {
    case start, stop, restart

    var done: String {
        switch self {
        case .start: "started"
        case .stop: "stopped"
        case .restart: "restarted"
        }
    }

    /// Lines that tell why it failed, the program's own last words among them.
    func sentences(of failure: Outcome.Failure, for name: String) -> [String] {
        ["\(name): cannot \(rawValue): \(failure.message.printable)"]
            + failure.tail.map { "  \($0.printable)" }
    }
}
