import Supervision
import Testing

@testable import Daemon

@Suite struct LogInletTests {
    /// Takes three bytes at a time, and more when it is told to.
    private final class Narrow: LogOutput {
        private(set) var story: [String] = []
        private var room = 3
        private var ready: (() -> Void)?

        func append(_ bytes: RawSpan) -> Int {
            let count = min(room, bytes.byteCount)
            room -= count
            if count > 0 {
                story.append(
                    bytes.withUnsafeBytes { String(decoding: $0.prefix(count), as: UTF8.self) }
                )
            }
            return count
        }

        func whenReady(_ body: @escaping () -> Void) { ready = body }

        func endOfRun() { story.append("end") }

        func makeRoom() {
            room = 3
            ready.take()?()
        }
    }

    @Test func `a run is over for an output when it has taken all of it, and then it is settled`() {
        let (inlet, output) = (LogInlet(), Narrow())
        inlet.output = output
        inlet.append(Array("first".utf8)) { _ in }
        inlet.endOfRun()
        var isSettled = false
        inlet.settle { isSettled = true }
        #expect(output.story == ["fir"] && !isSettled)
        output.makeRoom()
        #expect(output.story == ["fir", "st", "end"] && isSettled)
        inlet.endOfRun()
        #expect(output.story.last == "end" && output.story.count == 4)
    }
}
