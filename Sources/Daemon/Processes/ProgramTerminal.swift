internal import LinuxSystem

/// The master of a program's terminal, for what is neither read nor written.
final class ProgramTerminal {
    private let master: OwnedFD

    init(_ master: consuming OwnedFD) {
        self.master = master
    }

    /// Whoever is in the foreground of the terminal gets SIGWINCH.
    func resize(_ size: WindowSize) {
        // Of our own master it cannot fail.
        try? size.set(of: master)
    }

    /// Has what was printed arrive at the reading end, where it takes a while by itself.
    ///
    /// The kernel hands on what is written to a terminal on a thread of its own, and waits for that
    /// thread whenever somebody polls.
    ///
    /// Source: drivers/tty/n_tty.c, `n_tty_poll`.
    func settle() {
        Files.isReadable(master.raw)
    }
}
