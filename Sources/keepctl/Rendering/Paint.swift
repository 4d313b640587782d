import ControlProtocol

/// Colours text for a terminal.
struct Paint {
    let isOn: Bool

    /// Source: ECMA-48, "SGR".
    private enum Color: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case magenta = 35
        case cyan = 36
    }

    /// Red is for what goes wrong.
    private static let labels: [Color] = [.cyan, .yellow, .green, .magenta, .blue]

    func word(for state: State) -> String {
        colored(state.rawValue.uppercased(), as: state)
    }

    /// In the colour of the state.
    func colored(_ word: String, as state: State) -> String {
        let color: Color? =
            switch state {
            case .running: .green
            case .waiting, .starting, .backoff, .stopping: .yellow
            case .fatal: .red
            case .stopped, .exited: nil
            }
        return color.map { paint(word, $0) } ?? word
    }

    /// Light on dark where others are dark on light; of a terminal that can do nothing else, too.
    func reversed(_ text: String) -> String {
        "\u{1b}[7m\(text)\u{1b}[0m"
    }

    /// A text that can be told from those of other numbers.
    func label(_ text: String, number: Int) -> String {
        paint(text, Paint.labels[number % Paint.labels.count])
    }

    private func paint(_ text: String, _ color: Color) -> String {
        isOn ? "\u{1b}[\(color.rawValue)m\(text)\u{1b}[0m" : text
    }
}
