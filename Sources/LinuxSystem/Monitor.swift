internal import Glibc
public import SystemTypes

/// A value behind a lock on which threads can wait for a change.
///
/// Source: `pthread_mutex_lock(3p)`, `pthread_cond_wait(3p)`.
public final class Monitor<Value>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var value: Value

    public init(_ value: sending Value) {
        self.value = value
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        // Spins for a moment before it sleeps: what is done under these locks is short.
        pthread_mutexattr_settype(&attributes, CInt(PTHREAD_MUTEX_ADAPTIVE_NP))
        pthread_mutex_init(mutex, &attributes)
        pthread_mutexattr_destroy(&attributes)
        // Deadlines are on the clock of Instant.
        var clock = pthread_condattr_t()
        pthread_condattr_init(&clock)
        pthread_condattr_setclock(&clock, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &clock)
        pthread_condattr_destroy(&clock)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    public func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }

    /// Waits until `body` has a result; it is asked again after each ``signal()``.
    public func wait<Result>(for body: (inout Value) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&value) { return result }
            pthread_cond_wait(changed, mutex)
        }
    }

    /// Waits as ``wait(for:)`` does, but no longer than until `deadline`.
    ///
    /// - Returns: `nil` if that has come before a result.
    public func wait<Result>(
        until deadline: Instant,
        for body: (inout Value) -> Result?
    ) -> Result? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let nanoseconds = max(0, deadline.nanoseconds)
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000),
            tv_nsec: Int(nanoseconds % 1_000_000_000)
        )
        while true {
            if let result = body(&value) { return result }
            guard pthread_cond_timedwait(changed, mutex, &time) == 0 else { return body(&value) }
        }
    }

    /// Wakes one of those who wait.
    public func signal() {
        pthread_cond_signal(changed)
    }

    /// Wakes all of them.
    public func broadcast() {
        pthread_cond_broadcast(changed)
    }
}
