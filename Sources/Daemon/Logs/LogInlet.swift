/// Where what a relay brings arrives.
final class LogInlet {
    /// Set before anything arrives.
    var output: (any LogOutput)?
    /// In order; the first may have been taken in part.
    private var queue: [(bytes: [UInt8], taken: (Int) -> Void)] = []
    private var settling: [() -> Void] = []

    /// - Parameter taken: Called when all of it has been taken.
    func append(_ bytes: [UInt8], taken: @escaping (Int) -> Void) {
        queue.append((bytes, taken))
        if queue.count == 1 { move() }
    }

    private func move() {
        while let output, let (bytes, taken) = queue.first {
            let count = output.append(bytes.span.bytes)
            guard count == bytes.count else {
                queue[0].bytes.removeFirst(count)
                taken(count)
                return output.whenReady { [self] in move() }
            }
            queue.removeFirst()
            taken(count)
        }
        let bodies = settling
        settling = []
        for body in bodies { body() }
    }

    /// Of what has come by now.
    func endOfRun() {
        settle { [self] in output?.endOfRun() }
    }

    func history(then done: @escaping (LogHistory?) -> Void) {
        output?.history(then: done) ?? done(nil)
    }

    func remember(then done: @escaping (OutputMemory) -> Void) {
        output?.remember(then: done) ?? done(OutputMemory())
    }

    /// Calls back when nothing is left of what has come by now.
    func settle(then done: @escaping () -> Void) {
        if queue.isEmpty { done() } else { settling.append(done) }
    }
}
