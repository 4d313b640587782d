internal import CLinux
public import SystemPackage

/// A terminal that passes on each key and obeys none, for as long as this value lives.
///
/// It gets its mode back when the value goes, and where a bug ends the process before; not after
/// SIGKILL, which nobody can do anything about.
///
/// Source: termios(3), `cfmakeraw`.
public struct RawTerminal: ~Copyable {
    private let fd: CInt
    private var before = clinux_terminal_mode()

    /// - Parameters:
    ///   - fd: Stays the caller's, and open.
    ///   - farewell: Written to the terminal in a crash, at most 63 bytes.
    /// - Throws: `.notTTY`, whose name is `ENOTTY`, where it is no terminal.
    public init(_ fd: CInt, farewell: String = "") throws(Errno) {
        self.fd = fd
        var mode = clinux_terminal_mode()
        try syscall { clinux_make_raw(fd, &mode) }
        before = mode
        clinux_restore_at_crash(fd, &mode, farewell)
    }

    deinit {
        var mode = before
        _ = clinux_set_terminal_mode(fd, &mode)
    }
}
