internal import LinuxSystem

/// The master of a program's terminal, for what is neither read nor written.
final class ProgramTerminal {
    private let master: OwnedFD

    init(_ master: consuming OwnedFD) {
        self.master = master
    }

    /// Lent.
    var descriptor: CInt { master.raw }

    /// Whoever is in the foreground of the terminal gets SIGWINCH.
    func resize(_ size: WindowSize) {
        // Of our own master it cannot fail.
        try? size.set(of: master)
    }

    /// How often what was printed has to be taken until nothing is left: the kernel holds up to 64
    /// KiB, and gives out 4 at a time.
    ///
    /// Source: drivers/tty/tty_buffer.c, `TTYB_DEFAULT_MEM_LIMIT`; drivers/tty/n_tty.c,
    /// `N_TTY_BUF_SIZE`.
    static let roundsMax = 32

    /// Whether something that was printed has not been read yet.
    ///
    /// The kernel hands it on by a thread of its own, for which it waits when somebody polls; to ask
    /// only how many bytes there are does not.
    ///
    /// Source: drivers/tty/n_tty.c, `n_tty_poll`.
    var hasMore: Bool { Files.isReadable(master.raw) }
}
