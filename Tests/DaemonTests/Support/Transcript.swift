import Foundation
import LinuxSystem
import SystemTypes

/// What a process writes into a pipe, read by a thread so that the process never has to wait.
final class Transcript: @unchecked Sendable {
    private let condition = NSCondition()
    // Under the condition's lock.
    private var finished: [String] = []
    private var partial: [UInt8] = []
    private var bytesRead: [UInt8] = []
    private var hasEnded = false

    init(_ reading: consuming OwnedFD) throws {
        let raw = reading.release()
        _ = try LinuxSystem.Thread(name: "transcript") { [self] in
            read(OwnedFD(adopting: raw))
        }
    }

    private func read(_ pipe: consuming OwnedFD) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { buffer.deallocate() }
        // The master of a terminal fails with EIO where a pipe comes to its end.
        while let count = try? pipe.read(into: buffer), count > 0 {
            condition.withLock { append(buffer[..<count]) }
        }
        condition.withLock {
            hasEnded = true
            condition.broadcast()
        }
    }

    private func append(_ bytes: Slice<UnsafeMutableRawBufferPointer>) {
        bytesRead += bytes
        partial += bytes
        var lines = partial.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        partial = Array(lines.removeLast())
        finished += lines.map { String(decoding: $0, as: UTF8.self) }
        condition.broadcast()
    }

    /// All lines that are complete.
    var lines: [String] { condition.withLock { finished } }

    var bytes: [UInt8] { condition.withLock { bytesRead } }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Sleeps until there is a line, from the given one on, of which the condition holds.
    ///
    /// - Returns: The line, and the number of the one after it.
    @discardableResult
    func waitForLine(
        _ what: String,
        from start: Int = 0,
        where isWanted: (String) -> Bool
    ) throws -> (text: String, next: Int) {
        var next = start
        let deadline = Date(timeIntervalSinceNow: patience.inSeconds)
        condition.lock()
        defer { condition.unlock() }
        while true {
            while next < finished.count {
                next += 1
                if isWanted(finished[next - 1]) { return (finished[next - 1], next) }
            }
            guard !hasEnded, condition.wait(until: deadline) else {
                throw NeverHappened("a line \(what)")
            }
        }
    }

    /// Sleeps until nobody has the writing end any more.
    func waitForEnd() throws {
        let deadline = Date(timeIntervalSinceNow: patience.inSeconds)
        try condition.withLock {
            while !hasEnded {
                guard condition.wait(until: deadline) else {
                    throw NeverHappened("the end of the output")
                }
            }
        }
    }
}
