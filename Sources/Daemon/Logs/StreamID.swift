internal import Supervision

/// One of the two outputs of an instance.
struct StreamID: Hashable, Sendable {
    enum Channel: String, CaseIterable, Sendable {
        case stdout, stderr
    }

    let instance: InstanceID
    let channel: Channel
}
