internal import Glibc

/// A piece of memory that one fault brings in, where small pages would take five hundred.
///
/// Source: madvise(2), MADV_HUGEPAGE, Linux 2.6.38.
public enum HugePage {
    /// On x86-64, and on arm64 with pages of 4 KiB.
    public static let size = 2 << 20

    /// One that is not initialized, and to be deallocated as any; of small pages if the kernel has
    /// no other.
    public static func allocate() -> UnsafeMutableRawPointer {
        let page = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: size)
        _ = madvise(page, size, CInt(MADV_HUGEPAGE))
        return page
    }
}
