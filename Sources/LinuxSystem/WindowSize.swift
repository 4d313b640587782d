internal import CLinux
public import SystemPackage

/// How much a terminal shows, in characters.
///
/// Source: `ioctl_tty(2)`, TIOCGWINSZ and TIOCSWINSZ.
public struct WindowSize: Equatable, Sendable {
    /// What a terminal has had since the VT100.
    public static let standard = WindowSize(rows: 24, columns: 80)

    public var rows: UInt16
    public var columns: UInt16

    public init(rows: UInt16, columns: UInt16) {
        self.rows = rows
        self.columns = columns
    }

    /// - Returns: `nil` where `fd` is no terminal, or one that does not know.
    public init?(of fd: CInt) {
        self.init(rows: 0, columns: 0)
        guard clinux_window_size(fd, &rows, &columns) == 0, rows > 0, columns > 0 else {
            return nil
        }
    }

    /// Whoever runs in the foreground of the terminal is told by SIGWINCH.
    public func set(of terminal: borrowing OwnedFD) throws(Errno) {
        let raw = terminal.raw
        try syscall { clinux_set_window_size(raw, rows, columns) }
    }
}
