import ControlProtocol
import LinuxSystem

/// One line on the terminal that says what is still being waited for, in the place of the one
/// before it; to be cleared before anything else is printed.
struct ProgressLine {
    private var isShown = false

    /// - Parameter text: Cut where the terminal ends.
    mutating func show(_ text: String) {
        let width = Int((WindowSize(of: StandardStream.error.rawValue) ?? .standard).columns)
        Console.writeErrorPiece("\r\(text.printable.prefix(width - 1))\u{1b}[K")
        isShown = true
    }

    mutating func clear() {
        guard isShown else { return }
        Console.writeErrorPiece("\r\u{1b}[K")
        isShown = false
    }
}
