extension ControlError {
    /// The full name on the wire.
    public var name: String {
        switch self {
        case .interfaceNotFound: "org.varlink.service.InterfaceNotFound"
        case .methodNotFound: "org.varlink.service.MethodNotFound"
        case .methodNotImplemented: "org.varlink.service.MethodNotImplemented"
        case .invalidParameter: "org.varlink.service.InvalidParameter"
        case .noSuchProgram: "org.keepd.Control.NoSuchProgram"
        case .ambiguous: "org.keepd.Control.Ambiguous"
        case .notAllowed: "org.keepd.Control.NotAllowed"
        case .startFailed: "org.keepd.Control.StartFailed"
        case .notRunning: "org.keepd.Control.NotRunning"
        case .timedOut: "org.keepd.Control.TimedOut"
        case .shuttingDown: "org.keepd.Control.ShuttingDown"
        case .invalidConfiguration: "org.keepd.Control.InvalidConfiguration"
        case .planChanged: "org.keepd.Control.PlanChanged"
        case .notSaved: "org.keepd.Control.NotSaved"
        case .reexecFailed: "org.keepd.Control.ReexecFailed"
        case .inputRefused: "org.keepd.Control.InputRefused"
        case .unknown(let name): name
        }
    }

    /// The parameters of all errors in one; each error has a few of them.
    struct Fields: Codable {
        var interface: String?
        var method: String?
        var parameter: String?
        var name: String?
        var instances: [String]?
        var state: State?
        var cause: String?
        var message: String?
        var tail: [String]?
        var problems: [String]?
        var hash: String?
        var reason: String?
        var output: String?

        init() {}

        init(_ error: ControlError) {
            switch error {
            case .interfaceNotFound(let interface): self.interface = interface
            case .methodNotFound(let method), .methodNotImplemented(let method),
                .notAllowed(let method):
                self.method = method
            case .invalidParameter(let parameter): self.parameter = parameter
            case .noSuchProgram(let name), .notRunning(let name): self.name = name
            case .ambiguous(let name, let instances):
                (self.name, self.instances) = (name, instances)
            case .startFailed(let name, let failure):
                self.name = name
                (cause, message, tail) = (failure.cause, failure.message, failure.tail)
            case .timedOut(let name, let state): (self.name, self.state) = (name, state)
            case .invalidConfiguration(let problems): self.problems = problems
            case .planChanged(let hash): self.hash = hash
            case .notSaved(let reason): self.reason = reason
            case .reexecFailed(let reason, let output):
                (self.reason, self.output) = (reason, output)
            case .inputRefused(let name, let reason): (self.name, self.reason) = (name, reason)
            case .shuttingDown, .unknown: break
            }
        }
    }

    init(_ name: String, _ fields: Fields) throws(ProtocolViolation) {
        func required<Value>(
            _ value: Value?,
            _ field: String
        ) throws(ProtocolViolation) -> Value {
            guard let value else { throw .missing(field: "parameters.\(field)") }
            return value
        }
        switch name {
        case "org.varlink.service.InterfaceNotFound":
            self = .interfaceNotFound(interface: try required(fields.interface, "interface"))
        case "org.varlink.service.MethodNotFound":
            self = .methodNotFound(method: try required(fields.method, "method"))
        case "org.varlink.service.MethodNotImplemented":
            self = .methodNotImplemented(method: try required(fields.method, "method"))
        case "org.varlink.service.InvalidParameter":
            self = .invalidParameter(parameter: try required(fields.parameter, "parameter"))
        case "org.keepd.Control.NoSuchProgram":
            self = .noSuchProgram(name: try required(fields.name, "name"))
        case "org.keepd.Control.Ambiguous":
            let instances = try required(fields.instances, "instances")
            self = .ambiguous(name: try required(fields.name, "name"), instances: instances)
        case "org.keepd.Control.NotAllowed":
            self = .notAllowed(method: try required(fields.method, "method"))
        case "org.keepd.Control.StartFailed":
            let failure = Outcome.Failure(
                cause: try required(fields.cause, "cause"),
                message: try required(fields.message, "message"),
                tail: try required(fields.tail, "tail")
            )
            self = .startFailed(name: try required(fields.name, "name"), failure)
        case "org.keepd.Control.NotRunning":
            self = .notRunning(name: try required(fields.name, "name"))
        case "org.keepd.Control.TimedOut":
            let state = try required(fields.state, "state")
            self = .timedOut(name: try required(fields.name, "name"), state: state)
        case "org.keepd.Control.ShuttingDown":
            self = .shuttingDown
        case "org.keepd.Control.InvalidConfiguration":
            self = .invalidConfiguration(problems: try required(fields.problems, "problems"))
        case "org.keepd.Control.PlanChanged":
            self = .planChanged(hash: try required(fields.hash, "hash"))
        case "org.keepd.Control.NotSaved":
            self = .notSaved(reason: try required(fields.reason, "reason"))
        case "org.keepd.Control.ReexecFailed":
            let reason = try required(fields.reason, "reason")
            self = .reexecFailed(reason: reason, output: try required(fields.output, "output"))
        case "org.keepd.Control.InputRefused":
            let reason = try required(fields.reason, "reason")
            self = .inputRefused(name: try required(fields.name, "name"), reason: reason)
        default:
            self = .unknown(name: name)
        }
    }
}
