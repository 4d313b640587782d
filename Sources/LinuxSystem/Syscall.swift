internal import Glibc
public import SystemPackage
internal import SystemTypes

/// Makes one system call, and turns "minus one and `errno`" into a typed throw.
///
/// A call that a signal interrupted is made again, so `Errno.interrupted` never escapes. `close`
/// must not come through here: on Linux the descriptor is gone even after `EINTR`, and a second
/// try could close somebody else's.
///
/// - Parameter body: Calls one libc function and returns what that returned.
/// - Returns: The result of the call; never -1.
/// - Throws: The `errno` of the call.
@discardableResult
func syscall<Result: SignedInteger>(_ body: () -> Result) throws(Errno) -> Result {
    while true {
        let result = body()
        if result != -1 { return result }
        let error = Errno(rawValue: errno)
        if error != .interrupted { throw error }
    }
}

/// Makes a call that waits, as ``syscall(_:)`` does; after a signal only for what is left of the
/// time.
///
/// - Parameters:
///   - timeout: `nil` to wait for ever.
///   - body: Is told how long to wait.
@discardableResult
func syscall<Result: SignedInteger>(
    timeout: Duration?,
    _ body: (Duration?) -> Result
) throws(Errno) -> Result {
    guard let timeout, timeout > .zero else { return try syscall { body(timeout) } }
    let deadline = Instant.now + timeout
    var left = timeout
    while true {
        let result = body(left)
        if result != -1 { return result }
        let error = Errno(rawValue: errno)
        if error != .interrupted { throw error }
        left = max(.zero, deadline - .now)
    }
}

extension Errno {
    /// What keepd's sentences end in: `no such file or directory`.
    public var reason: String {
        let text = description
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
