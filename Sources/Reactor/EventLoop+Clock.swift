public import SystemTypes

extension EventLoop {
    /// The time of a loop for what is written for any clock; virtual where the loop's is.
    ///
    /// To sleep on it takes no thread, where `ContinuousClock` starts those of Dispatch.
    public struct Clock: _Concurrency.Clock {
        let loop: EventLoop

        /// The present of its loop.
        public var now: Instant { loop.now }

        /// That of the numbers; how late a sleep ends is up to the kernel.
        public var minimumResolution: Duration { .nanoseconds(1) }

        /// As ``EventLoop/sleep(until:)``; nothing is made of the tolerance.
        public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            try await loop.sleep(until: deadline)
        }
    }

    /// For what asks for a `Clock`.
    public var clock: Clock { Clock(loop: self) }
}
