internal import CLinux
public import SystemPackage

/// A terminal that a process is, and whatever runs on it.
///
/// Source: pts(4); `ioctl_tty(2)`, TIOCGPTPEER, Linux 4.13.
public struct PseudoTerminal: ~Copyable, Sendable {
    /// Reads what is printed, and writes what is typed.
    public let master: OwnedFD
    /// For whoever runs on it.
    public let terminal: OwnedFD

    /// Both ends are close-on-exec, and block.
    public init(_ size: WindowSize) throws(Errno) {
        var ends: (CInt, CInt) = (-1, -1)
        try syscall {
            withUnsafeMutableBytes(of: &ends) {
                clinux_open_terminal($0.bindMemory(to: CInt.self).baseAddress)
            }
        }
        let (first, second) = ends
        let master = OwnedFD(adopting: first)
        let terminal = OwnedFD(adopting: second)
        try size.set(of: master)
        self.master = master
        self.terminal = terminal
    }

    /// The terminal itself, once more.
    public static func terminal(of master: borrowing OwnedFD) throws(Errno) -> OwnedFD {
        let raw = master.raw
        return OwnedFD(adopting: try syscall { clinux_terminal_of(raw) })
    }

    /// Gives each end to an owner of its own.
    public consuming func split<Result>(
        _ body: (_ master: consuming OwnedFD, _ terminal: consuming OwnedFD) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        try body(master, terminal)
    }
}
