internal import ControlProtocol
internal import Reactor
internal import Supervision

/// The answer to a Status, for all who ask for the same in one turn of the loop.
///
/// Where two hundred clients ask again and again, the more of them wait the more are answered at
/// once; without it, each would wait for all before it.
final class StatusOfTurn {
    private var ids: [InstanceID] = []
    private var asksUsage = false
    private var frame: [UInt8]?

    func frame(
        of ids: [InstanceID],
        asksUsage: Bool,
        on loop: EventLoop,
        orElse answer: () -> Control.Status.Answer
    ) -> [UInt8] {
        if let frame, self.ids == ids, self.asksUsage == asksUsage { return frame }
        if frame == nil { loop.callSoon { [weak self] in self?.forget() } }
        let made = Reply.encode(answer())
        (self.ids, self.asksUsage, frame) = (ids, asksUsage, made)
        return made
    }

    /// Something may be different from now on.
    func forget() {
        (ids, frame) = ([], nil)
    }
}
