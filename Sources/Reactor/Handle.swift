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
        guard let body = body.take() else { return }
        body()
    }
}

/// A call at a deadline; see ``EventLoop/cancel(_:)``.
public class TimerHandle: Handle {
    /// When it is due, or was.
    public internal(set) var deadline: Instant
    /// Where it is in the heap; -1 while it is not there.
    var position = -1

    init(deadline: Instant, _ body: @escaping () -> Void) {
        self.deadline = deadline
        super.init(body)
    }
}
