internal import SystemPackage

extension EventLoop {
    /// Gives `context` to the ``exceptionHandler``, or else writes a line to standard error.
    public func report(_ context: FailureContext) {
        if let exceptionHandler { return exceptionHandler(self, context) }
        EventLoop.complain(context.message)
    }

    /// Writes a line to standard error; for any thread.
    static func complain(_ line: String) {
        // Where standard error is gone, nobody wants to know.
        _ = try? FileDescriptor.standardError.writeAll("\(line)\n".utf8)
    }
}
