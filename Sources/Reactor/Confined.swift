/// Lets a reference travel between threads, and be used on one only.
///
/// What belongs to a loop is not `Sendable`, and yet a closure that is posted to that loop has to
/// name it. The check is made where the value is used.
public struct Confined<Value>: @unchecked Sendable {
    private let confined: Value
    private let loop: EventLoop

    /// From any thread; the value is not touched.
    public init(_ value: Value, to loop: EventLoop) {
        confined = value
        self.loop = loop
    }

    /// - Precondition: The caller is on the loop's thread.
    public var value: Value {
        precondition(loop.isOnLoopThread, "used on another thread than its loop's")
        return confined
    }
}
