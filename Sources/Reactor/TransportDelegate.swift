public import SystemPackage

/// Whom a transport tells what happens; those that nobody implements do nothing.
public protocol TransportDelegate: AnyObject {
    /// It is there, and nothing has been read yet; told in the iteration after it was made.
    func transportConnected(_ transport: Transport)
    /// Bytes arrived; the span is valid during the call.
    func transport(_ transport: Transport, received bytes: RawSpan)
    /// The other side will send no more; nothing is read any longer.
    ///
    /// - Returns: Whether it stays open for writing, if it is a socket; if not, it closes, after what
    ///   is buffered was sent. That is what happens where nobody implements this.
    func transportReachedEnd(_ transport: Transport) -> Bool
    /// More waits to be sent than the high-water mark allows; told once, until it has drained, and
    /// possibly from within ``Transport/write(_:)-(RawSpan)``.
    func transportFilled(_ transport: Transport)
    /// What waits to be sent has shrunk to the low-water mark; told once for each time it had filled.
    func transportDrained(_ transport: Transport)
    /// It is over, exactly once, and never from within a call to the transport.
    ///
    /// - Parameter error: `nil` if it was closed from here, or ended with nothing lost.
    func transportClosed(_ transport: Transport, _ error: Errno?)
}

extension TransportDelegate {
    public func transportConnected(_ transport: Transport) {}
    public func transportReachedEnd(_ transport: Transport) -> Bool { false }
    public func transportFilled(_ transport: Transport) {}
    public func transportDrained(_ transport: Transport) {}
    public func transportClosed(_ transport: Transport, _ error: Errno?) {}
}
