internal import Supervision

/// A program's output on the console, line by line.
final class ConsoleOutput: LogOutput {
    private let console: Console
    private let name: String
    private var framer = LineFramer()

    init(_ console: Console, name: String) {
        self.console = console
        self.name = name
    }

    func append(_ bytes: RawSpan) -> Int {
        framer.append(bytes) { console.write($0, of: name) }
        return bytes.byteCount
    }

    func whenReady(_ body: @escaping () -> Void) {
        preconditionFailure("the console takes everything")
    }

    func endOfRun() {
        framer.finish { console.write($0, of: name) }
    }

    func remember(then done: @escaping (OutputMemory) -> Void) {
        done(OutputMemory(unfinished: Blob(framer.rest)))
    }

    func recall(_ memory: OutputMemory) {
        framer = LineFramer(rest: memory.unfinished.bytes)
    }
}
