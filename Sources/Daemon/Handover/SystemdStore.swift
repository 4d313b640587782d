internal import Systemd

/// Has systemd keep descriptors, which it gives back to the next process of the same service.
///
/// Each call of either kind is a datagram; what is not kept is not forgotten with one.
///
/// Source: systemd.service(5), `FileDescriptorStoreMax=`.
final class SystemdStore: DescriptorStore {
    private let channel: ServiceChannel
    private(set) var names: Set<DescriptorName>

    /// - Parameter kept: What systemd has kept so far, and goes on keeping.
    init(_ channel: ServiceChannel, keeping kept: Set<DescriptorName>) {
        self.channel = channel
        names = kept
    }

    func keep(_ descriptor: CInt, as name: DescriptorName) {
        let text = name.description
        guard text.utf8.count <= DescriptorName.bytesMax else { return }
        // Under one name systemd would keep both.
        if !names.insert(name).inserted { channel.send(.forget(name: text)) }
        channel.send(.keep(name: text), passing: descriptor)
    }

    func forget(_ name: DescriptorName) {
        guard names.remove(name) != nil else { return }
        channel.send(.forget(name: name.description))
    }
}
