public import SystemTypes

/// A call that was registered and can be called off.
public class Handle {
    private var body: (() -> Void)?

    init(_ body: @escaping () -> Void) {
        self.body = body
    }

    /// Drops the closure, and all it holds; later it has no effect.
    public func cancel() {
        body = nil
    }

    func run() {
        guard let body else { return }
        self.body = nil
        body()
    }
}

/// A call at a deadline; see ``EventLoop/cancel(_:)``.
public class TimerHandle: Handle {
    /// When it is due, or was.
    public internal(set) var deadline: Instant
    /// The order of registration.
    var sequence: UInt64 = 0
    /// Where it is in the heap, while it is there.
    var position: Int?

    init(deadline: Instant, _ body: @escaping () -> Void) {
        self.deadline = deadline
        super.init(body)
    }

    func isBefore(_ other: TimerHandle) -> Bool {
        (deadline, sequence) < (other.deadline, other.sequence)
    }
}
