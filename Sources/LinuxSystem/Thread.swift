internal import CLinux
internal import Glibc
public import SystemPackage

/// A thread of our own, with every signal blocked.
///
/// Source: pthreads(7).
public struct Thread: ~Copyable, Sendable {
    private let id: pthread_t

    /// - Parameters:
    ///   - name: Shown by `ps -L` and `top -H`; at most 15 bytes.
    ///   - body: Runs on the new thread.
    public init(name: String, _ body: @escaping @Sendable () -> Void) throws(Errno) {
        let before = SignalMask.all.apply()
        defer { before.apply() }
        let start = Unmanaged.passRetained(Start(body))
        var id = pthread_t()
        let error = pthread_create(&id, nil, { runThread($0) }, start.toOpaque())
        guard error == 0 else {
            start.release()
            throw Errno(rawValue: error)
        }
        self.id = id
        clinux_name_thread(id, String(name.prefix(15)))
    }

    /// Lets it go its way; nobody can wait for it any more.
    public consuming func detach() {
        pthread_detach(id)
    }

    /// Waits for the thread to end.
    public consuming func join() {
        pthread_join(id, nil)
    }

    /// Tells the calling thread from every other that is alive; costs no system call.
    public static var currentID: UInt { UInt(pthread_self()) }
}

private final class Start: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}

private func runThread(_ start: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let start else { return nil }
    Unmanaged<Start>.fromOpaque(start).takeRetainedValue().body()
    return nil
}
