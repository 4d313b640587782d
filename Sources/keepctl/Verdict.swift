import ArgumentParser
import ControlClient
import ControlProtocol

/// The exit status, as the contract has it; 64 for wrong usage is ArgumentParser's.
enum Verdict: Int32 {
    case done = 0
    /// By keepd, or by a program.
    case refused = 1
    case notAllRunning = 3
    case noSuchProgram = 4
    case noDaemon = 69
    case notAllowed = 77

    init(_ error: ClientError) {
        self =
            switch error {
            case .noDaemon, .closed: .noDaemon
            case .notAllowed, .refused(.notAllowed): .notAllowed
            case .refused(.noSuchProgram), .refused(.ambiguous): .noSuchProgram
            case .refused, .protocolViolation: .refused
            }
    }

    var exitCode: ExitCode { ExitCode(rawValue) }
}
