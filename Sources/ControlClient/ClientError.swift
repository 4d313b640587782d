public import ControlProtocol

/// Why a client has no answer.
public enum ClientError: Error, Equatable, Sendable {
    case noDaemon(path: String, reason: String)
    /// The socket's permissions keep this user out.
    case notAllowed(path: String)
    /// The daemon closed the connection before it had answered.
    case closed
    case protocolViolation(ProtocolViolation)
    /// The daemon answered: no.
    case refused(ControlError)
}

extension ClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noDaemon(let path, let reason):
            "cannot reach keepd at \(path): \(reason) (is it running?)"
        case .notAllowed(let path): "cannot reach keepd at \(path): permission denied"
        case .closed: "cannot read answer: keepd has closed the connection"
        case .protocolViolation(let violation): violation.description
        case .refused(let error): error.description
        }
    }
}
