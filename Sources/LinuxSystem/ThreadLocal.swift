internal import Glibc

/// A reference that each thread has for itself; nothing to begin with.
///
/// It is not kept alive by this: whoever sets it takes it away before it goes.
///
/// Source: `pthread_key_create(3p)`.
public struct ThreadLocal<Value: AnyObject>: Sendable {
    private let key: pthread_key_t

    /// There are 1,024 in a process, and none is ever given back: it is for globals.
    public init() {
        var key = pthread_key_t()
        let error = pthread_key_create(&key, nil)
        precondition(error == 0, "pthread_key_create: \(error)")
        self.key = key
    }

    /// The calling thread's own.
    public var value: Value? {
        pthread_getspecific(key).map { Unmanaged<Value>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Sets the calling thread's own; the caller keeps it alive until it is set to something else.
    public func set(_ value: Value?) {
        pthread_setspecific(
            key,
            value.map { UnsafeRawPointer(Unmanaged.passUnretained($0).toOpaque()) }
        )
    }
}
