/// Why the daemon did not do what a call asked for.
public enum ControlError: Error, Equatable, Sendable {
    // Of org.varlink.service.
    case interfaceNotFound(interface: String)
    case methodNotFound(method: String)
    case methodNotImplemented(method: String)
    case invalidParameter(parameter: String)

    // Of org.keepd.Control.
    case noSuchProgram(name: String)
    /// One instance is asked for, and the name stands for several.
    case ambiguous(name: String, instances: [String])
    case notAllowed(method: String)
    case startFailed(name: String, Outcome.Failure)
    case notRunning(name: String)
    case timedOut(name: String, state: State)
    case shuttingDown
    /// The file on disk does not load.
    case invalidConfiguration(problems: [String])
    /// The configuration is another than the one that the client has seen.
    case planChanged(hash: String)
    /// What was asked for is in effect, and will not outlive the daemon.
    case notSaved(reason: String)
    /// keepd has not been executed anew, and goes on; `output` is what its binary said to that.
    case reexecFailed(reason: String, output: String)
    /// A program cannot be given input.
    case inputRefused(name: String, reason: String)

    /// Met by a client only: an error that a newer daemon has.
    case unknown(name: String)
}

extension ControlError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .interfaceNotFound(let interface): "cannot call \(interface): no such interface"
        case .methodNotFound(let method): "cannot call \(method): no such method"
        case .methodNotImplemented(let method): "cannot call \(method): not implemented"
        case .invalidParameter(let parameter): "cannot use parameter \(parameter): not valid"
        case .noSuchProgram(let name): "cannot find \(name): no such program"
        case .ambiguous(let name, let instances):
            "cannot take \(name) for one instance: it is \(instances.joined(separator: ", "))"
        case .notAllowed(let method): "cannot call \(method): not allowed"
        case .startFailed(let name, let failure): "cannot start \(name): \(failure.message)"
        case .notRunning(let name): "cannot reach \(name): not running"
        case .timedOut(let name, let state):
            "cannot wait for \(name): still \(state) after the timeout"
        case .shuttingDown: "cannot change programs: keepd is shutting down"
        case .invalidConfiguration(let problems):
            (["cannot load the configuration:"] + problems).joined(separator: "\n")
        case .planChanged(let hash): "cannot apply: the plan is now \(hash)"
        case .notSaved(let reason): "cannot remember it: \(reason)"
        case .reexecFailed(let reason, let output):
            (["cannot execute keepd anew: \(reason)"] + output.split(separator: "\n"))
                .joined(separator: "\n")
        case .inputRefused(let name, let reason): "cannot write to \(name): \(reason)"
        case .unknown(let name): "cannot do it: \(name)"
        }
    }
}
