import LinuxSystem
import Reactor
import SystemTypes

/// A fixed amount of work for a loop, to be counted in instructions.
///
///     loopwork calls|timers|lines
@main struct LoopWork {
    private static let calls = 100_000
    private static let timers = 50_000
    private static let pipesful = 30

    static func main() throws {
        let loop = try EventLoop()
        switch CommandLine.arguments.last {
        case "calls": callInTurns(on: loop)
        case "timers": fireAndCancel(on: loop)
        case "lines": try readLines(on: loop)
        default: preconditionFailure("no such work")
        }
        loop.close()
    }

    /// Each call registers the next.
    private static func callInTurns(on loop: EventLoop) {
        var left = calls
        func call() {
            left -= 1
            if left > 0 { loop.callSoon(call) } else { loop.stop() }
        }
        loop.callSoon(call)
        loop.run()
        precondition(left == 0)
    }

    /// Half of them were due when the machine started, half are far away and cancelled: no time
    /// passes.
    private static func fireAndCancel(on loop: EventLoop) {
        let late = Instant.now + .seconds(3_600)
        var fired = 0
        for index in 0..<timers / 2 {
            let order = index * 2_654_435_761 % 1_000_000
            loop.callAt(.zero + .microseconds(order)) { fired += 1 }
            loop.callAt(late + .milliseconds(order)) { fired += 1 }.cancel()
        }
        loop.callLater(.zero) { loop.stop() }
        loop.run()
        precondition(fired == timers / 2)
    }

    /// A pipe is filled and closed before it is read, so that no two processes have to meet.
    private static func readLines(on loop: EventLoop) throws {
        let text = [UInt8](String(repeating: "a line as long as many are\n", count: 1_000).utf8)
        for _ in 0..<pipesful {
            let lines = try loop.runUntilComplete { [loop] in
                let stream = try ByteStream(filled(with: text), on: loop)
                var lines = 0
                for try await _ in stream.lines() { lines += 1 }
                stream.close()
                return lines
            }
            precondition(lines == 1_000)
        }
    }

    private static func filled(with bytes: [UInt8]) throws -> OwnedFD {
        let pipe = try Pipe()
        let count = try bytes.withUnsafeBytes { try pipe.writing.write($0) }
        precondition(count == bytes.count)
        return try .duplicate(pipe.reading.raw)
    }
}
