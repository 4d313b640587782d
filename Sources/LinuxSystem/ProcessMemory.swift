internal import CLinux

/// What this process keeps in memory.
public enum ProcessMemory {
    /// Gives back the pages of code, of which a start needs many that nothing after it does.
    ///
    /// They are clean and stay in the page cache: what runs again is mapped again, a few pages at a
    /// time. For a process that has come to the end of its start and will live for long.
    ///
    /// Source: madvise(2), MADV_DONTNEED.
    public static func forgetCode() {
        clinux_forget_code()
    }
}
