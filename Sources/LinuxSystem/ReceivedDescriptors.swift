/// Descriptors that came through a socket; those that nobody takes are closed.
public final class ReceivedDescriptors {
    private var raws: ArraySlice<CInt>

    /// Takes over all of `raws`.
    init(adopting raws: [CInt]) {
        self.raws = raws[...]
    }

    /// How many are left to take.
    public var count: Int { raws.count }

    /// The next one, in the order in which they were sent; close-on-exec.
    ///
    /// Nothing is known of it but that somebody had it open: look before it is used, and do not
    /// rely on its flags, which the sender can go on changing.
    public func take() -> OwnedFD? {
        raws.popFirst().map { OwnedFD(adopting: $0) }
    }

    deinit {
        while take() != nil {}
    }
}
