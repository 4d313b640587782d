import ControlProtocol

/// Colours text for a terminal.
struct Paint {
    let isOn: Bool

    /// Source: ECMA-48, "SGR".
    private enum Color: Int {
        case red = 31
        case green = 32
        case yellow = 33
    }

    func word(for state: State) -> String {
        let word = state.rawValue.uppercased()
        let color: Color? =
            switch state {
            case .running: .green
            case .waiting, .starting, .backoff, .stopping: .yellow
            case .fatal: .red
            case .stopped, .exited: nil
            }
        guard isOn, let color else { return word }
        return "\u{1b}[\(color.rawValue)m\(word)\u{1b}[0m"
    }
}
