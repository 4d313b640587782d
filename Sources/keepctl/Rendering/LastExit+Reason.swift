import ControlProtocol

extension LastExit {
    /// Half a sentence.
    var reason: String {
        if let message { return message }
        return switch cause {
        case "exit": code.map { "exit code \($0)" } ?? cause
        case "signal": signal.map { "signal \($0)" } ?? cause
        case "stopped": by.map { "stopped by \($0)" } ?? cause
        default: cause
        }
    }
}
