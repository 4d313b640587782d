/// Keeps descriptors for the daemon that comes after this one.
///
/// A store has descriptors of its own of the same open files, so that what it keeps outlives the
/// process. It may be unable to take one, of which nobody hears: whoever comes after has to do with
/// what there is.
protocol DescriptorStore: AnyObject {
    /// Those under which it keeps something.
    var names: Set<DescriptorName> { get }

    /// Keeps what `descriptor`, which stays the caller's, refers to now; in place of what had the
    /// name before.
    func keep(_ descriptor: CInt, as name: DescriptorName)

    func forget(_ name: DescriptorName)
}
