internal import Supervision

/// Gives the same bytes to two outputs; what the first holds from earlier is what there is.
final class LogTee: LogOutput {
    private let first: any LogOutput
    private let second: any LogOutput
    /// What the first has taken and the second has not.
    private var owed: [UInt8] = []

    init(_ first: any LogOutput, _ second: any LogOutput) {
        self.first = first
        self.second = second
    }

    func append(_ bytes: RawSpan) -> Int {
        if !owed.isEmpty { owed.removeFirst(second.append(owed.span.bytes)) }
        guard owed.isEmpty else { return 0 }
        let taken = bytes.extracting(first: first.append(bytes))
        guard !taken.isEmpty else { return 0 }
        let rest = taken.extracting(second.append(taken)...)
        owed = rest.withUnsafeBytes { Array($0) }
        return taken.byteCount
    }

    func whenReady(_ body: @escaping () -> Void) {
        if owed.isEmpty { first.whenReady(body) } else { second.whenReady(body) }
    }

    func settle(then done: @escaping () -> Void) {
        guard owed.isEmpty else {
            return second.whenReady { [self] in
                owed.removeFirst(second.append(owed.span.bytes))
                settle(then: done)
            }
        }
        first.settle { [second] in second.settle(then: done) }
    }

    func endOfRun() {
        first.endOfRun()
        second.endOfRun()
    }

    var keepsHistory: Bool { first.keepsHistory }

    var isWithinLine: Bool { first.isWithinLine }

    func history(then done: @escaping (LogHistory?) -> Void) {
        first.history(then: done)
    }

    func clear() { first.clear() }

    func rotate() { first.rotate() }

    func adopt(_ policy: LogPolicy) {
        first.adopt(policy)
        second.adopt(policy)
    }

    func remember(then done: @escaping (OutputMemory) -> Void) {
        first.remember { [second] one in
            second.remember { other in done(OutputMemory(inner: [one, other])) }
        }
    }

    func recall(_ memory: OutputMemory) {
        guard memory.inner.count == 2 else { return }
        first.recall(memory.inner[0])
        second.recall(memory.inner[1])
    }

    func leave(_ counters: StreamCounters) {
        first.leave(counters)
        second.leave(counters)
    }
}
