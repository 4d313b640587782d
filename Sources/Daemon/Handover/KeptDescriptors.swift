internal import LinuxSystem

/// What the daemon before has left in a store, by name; what nobody takes is closed.
final class KeptDescriptors {
    private var raws: [DescriptorName: CInt] = [:]

    /// - Parameter descriptors: Taken over, all of them. Of those with one name the first counts,
    ///   and those without are closed.
    init(adopting descriptors: [(name: DescriptorName?, raw: CInt)] = []) {
        for (name, raw) in descriptors {
            if let name, raws[name] == nil {
                raws[name] = raw
            } else {
                _ = OwnedFD(adopting: raw)
            }
        }
    }

    /// Those that are left to take.
    var names: Set<DescriptorName> { Set(raws.keys) }

    /// - Returns: Close-on-exec; `nil` if it was not kept, or has been taken.
    func take(_ name: DescriptorName) -> OwnedFD? {
        raws.removeValue(forKey: name).map { OwnedFD(adopting: $0) }
    }

    deinit {
        for raw in raws.values { _ = OwnedFD(adopting: raw) }
    }
}
