internal import Systemd

/// Has systemd keep descriptors, which it gives back to the next process of the same service.
///
/// Each call of either kind is a datagram; what is not kept is not forgotten with one.
///
/// Source: systemd.service(5), `FileDescriptorStoreMax=`.
final class SystemdStore: DescriptorStore {
    private(set) var names: Set<DescriptorName>

    /// - Parameter kept: What systemd has kept so far, and goes on keeping.
    init(keeping kept: Set<DescriptorName>) {
        names = kept
    }

    func keep(_ descriptor: CInt, as name: DescriptorName) {
        let text = name.description
        guard text.utf8.count <= DescriptorName.bytesMax else { return }
        // Under one name systemd would keep both.
        if !names.insert(name).inserted { ServiceNotification.forget(name: text).send() }
        ServiceNotification.keep(name: text).send(passing: descriptor)
    }

    func forget(_ name: DescriptorName) {
        guard names.remove(name) != nil else { return }
        ServiceNotification.forget(name: name.description).send()
    }
}
