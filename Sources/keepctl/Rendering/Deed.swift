import ControlProtocol

/// The words for something that is done to a program, and for its success.
struct Deed: Equatable {
    static let start = Deed(verb: "start", done: "started")
    static let stop = Deed(verb: "stop", done: "stopped")
    static let restart = Deed(verb: "restart", done: "restarted")
    static let scale = Deed(verb: "scale", done: "scaled")

    let verb: String
    let done: String

    /// Lines that tell why it failed, the program's own last words among them.
    func sentences(of failure: Outcome.Failure, for name: String) -> [String] {
        ["\(name): cannot \(verb): \(failure.message.printable)"]
            + failure.tail.map { "  \($0.printable)" }
    }
}

extension Deed {
    /// What applying the configuration does to a program.
    init(applying change: Control.Plan.Program) {
        self =
            switch (change.kind, change.class) {
            case (.added, _): Deed(verb: "add", done: "added")
            case (.removed, _): Deed(verb: "remove", done: "removed")
            case (_, .none), (_, .live): Deed(verb: "update", done: "updated")
            case (_, .restart): .restart
            case (_, .replace): Deed(verb: "replace", done: "replaced")
            }
    }

    init(waitingFor aim: Control.Wait.Aim) {
        self =
            switch aim {
            case .ready: Deed(verb: "become ready", done: "ready")
            case .stopped: Deed(verb: "come to rest", done: "stopped")
            case .healthy: Deed(verb: "become healthy", done: "healthy")
            }
    }
}
