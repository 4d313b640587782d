internal import LinuxSystem
internal import Systemd

/// Has systemd keep descriptors, which it gives back to the next process of the same service.
///
/// Each call of either kind is a datagram; what is not kept is not forgotten with one.
///
/// Source: systemd.service(5), `FileDescriptorStoreMax=`.
final class SystemdStore: DescriptorStore {
    private let channel: ServiceChannel
    private(set) var names: Set<DescriptorName>
    /// Whether nothing else is kept.
    private let isComplete: Bool

    /// - Parameter kept: What systemd has kept so far, and goes on keeping; `nil` if that is not
    ///   known.
    init(_ channel: ServiceChannel, keeping kept: Set<DescriptorName>?) {
        self.channel = channel
        names = kept ?? []
        isComplete = kept != nil
    }

    /// Whether the unit has a store, as far as one can know: systemd says so from 254 on.
    static var isOffered: Bool {
        ProcessEnvironment.variables["FDSTORE"].map { $0 != "0" } ?? true
    }

    func keep(_ descriptor: CInt, as name: DescriptorName) {
        let text = name.description
        guard text.utf8.count <= DescriptorName.bytesMax else { return }
        // Under one name systemd would keep both.
        if !names.insert(name).inserted || !isComplete { channel.send(.forget(name: text)) }
        channel.send(.keep(name: text), passing: descriptor)
    }

    func forget(_ name: DescriptorName) {
        guard names.remove(name) != nil || !isComplete else { return }
        channel.send(.forget(name: name.description))
    }
}
