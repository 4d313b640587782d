public import SystemTypes

/// A call that was registered and can be called off.
///
/// A value that holds nothing: copy it, keep it, throw it away. It is for the loop's thread only,
/// and of no effect once the call was made or the loop closed.
public struct Handle {
    // Lives for ever, see `CallStorage`; its entries are never numbered twice.
    let calls: Unmanaged<CallQueue>
    let position: UInt64

    /// Whether it is still to be run.
    public var isPending: Bool {
        calls._withUnsafeGuaranteedRef { $0.isPending(position) }
    }

    /// Drops the closure, and all it holds; later it has no effect.
    public func cancel() {
        calls._withUnsafeGuaranteedRef { $0.cancel(position) }
    }
}

/// A call at a deadline that can be called off; a value, as ``Handle``.
public struct TimerHandle {
    let timers: Unmanaged<TimerWheel>
    let slot: Int
    let sequence: UInt64
    let firstDeadline: Instant

    /// When it is due, or was; for one that repeats, when it is due next.
    public var deadline: Instant {
        timers._withUnsafeGuaranteedRef { $0.deadline(of: slot, sequence) } ?? firstDeadline
    }

    /// Whether it is still to be run.
    public var isPending: Bool {
        timers._withUnsafeGuaranteedRef { $0.isPending(slot, sequence) }
    }

    /// Drops the closure, and all it holds, and leaves nothing behind; later it has no effect.
    ///
    /// Ends one that repeats, also from inside.
    public func cancel() {
        timers._withUnsafeGuaranteedRef { $0.cancel(slot, sequence) }
    }
}
