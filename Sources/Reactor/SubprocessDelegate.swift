public import SystemPackage
public import SystemTypes

/// Whom a ``SubprocessTransport`` tells what happens, in callbacks.
///
/// First comes ``subprocessConnected(_:)`` and last ``subprocessDisconnected(_:)``, each once; in
/// between the others, in any order: a process can end before what it wrote has been read, and it
/// can close its output and live on. Those that nobody implements do nothing.
public protocol SubprocessDelegate: AnyObject {
    /// The process runs, and its pipes are there; called before the call that started it returns.
    func subprocessConnected(_ subprocess: SubprocessTransport)
    /// Bytes arrived from its descriptor `fd`, 1 or 2; the span is valid during the call.
    func subprocess(_ subprocess: SubprocessTransport, received bytes: RawSpan, from fd: CInt)
    /// More waits to be written to its descriptor `fd` than the high-water mark of its pipe allows.
    func subprocess(_ subprocess: SubprocessTransport, filled fd: CInt)
    /// What was written to its descriptor `fd` and not yet taken has shrunk to the low-water mark.
    func subprocess(_ subprocess: SubprocessTransport, drained fd: CInt)
    /// The pipe to its descriptor `fd` is no more: closed on either side, or `error`.
    func subprocess(_ subprocess: SubprocessTransport, lost fd: CInt, _ error: Errno?)
    /// It has ended and has been reaped.
    ///
    /// - Parameter usage: What it has used; `nil` where somebody else has reaped it.
    func subprocess(
        _ subprocess: SubprocessTransport,
        exited status: ExitStatus,
        usage: ResourceUsage?
    )
    /// It has ended and all pipes are gone: nothing more comes.
    func subprocessDisconnected(_ subprocess: SubprocessTransport)
}

extension SubprocessDelegate {
    public func subprocessConnected(_ subprocess: SubprocessTransport) {}
    public func subprocess(
        _ subprocess: SubprocessTransport,
        received bytes: RawSpan,
        from fd: CInt
    ) {}
    public func subprocess(_ subprocess: SubprocessTransport, filled fd: CInt) {}
    public func subprocess(_ subprocess: SubprocessTransport, drained fd: CInt) {}
    public func subprocess(_ subprocess: SubprocessTransport, lost fd: CInt, _ error: Errno?) {}
    public func subprocess(
        _ subprocess: SubprocessTransport,
        exited status: ExitStatus,
        usage: ResourceUsage?
    ) {}
    public func subprocessDisconnected(_ subprocess: SubprocessTransport) {}
}
