internal import ControlProtocol
internal import Supervision

/// What it takes to be allowed to call a method.
enum Demand: Equatable {
    /// Any role, for anything.
    case anyRole
    /// The role for every program that the call is about.
    case programs(AccessRule.Role)
    /// The role for keepd itself.
    case daemon(AccessRule.Role)
}

extension Method {
    /// Everything that an operator is not explicitly there for takes an admin: so does the plan of
    /// ``Method/diff``, for it shows the values of environment variables.
    var demand: Demand {
        switch self {
        case .getInfo, .getInterfaceDescription, .version: .anyRole
        case .status, .listNames, .tail, .events, .history, .explain, .metrics, .wait:
            .programs(.observe)
        case .start, .stop, .restart, .signal, .reload, .writeStdin,
            .resizeTerminal:
            .programs(.operate)
        case .scale, .enable, .disable, .clearLog, .rotateLogs: .programs(.admin)
        case .diff, .apply, .reopenLogs, .daemonLog, .reexec, .shutdown: .daemon(.admin)
        }
    }
}

extension Rights {
    /// Whether the method is open to the peer at all.
    func permit(_ demand: Demand) -> Bool {
        switch demand {
        case .anyRole: isAny
        case .programs(let role): isAny(role)
        case .daemon(let role): permit(role)
        }
    }

    func permit(_ demand: Demand, of program: String) -> Bool {
        switch demand {
        case .anyRole: isAny
        case .programs(let role): permit(role, of: program)
        case .daemon(let role): permit(role)
        }
    }
}
