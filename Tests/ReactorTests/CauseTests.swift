import Glibc
import LinuxSystem
import Reactor
import Synchronization
import SystemTypes
import Testing

/// Has another thread do something in the very moment in which the loop looks at its descriptors.
private final class Moment: Simulation {
    private let action: Mutex<(@Sendable () -> Void)?>

    init(_ action: @escaping @Sendable () -> Void) {
        self.action = Mutex(action)
    }

    var now: Instant { .zero }

    var patience: Duration {
        if let action = action.withLock({ $0.take() }),
            let thread = try? Thread(name: "somebody", action)
        {
            thread.join()
        }
        return .zero
    }

    func pass(to deadline: Instant?) -> Passage { .sleep }
    func order(of count: Int) -> [Int] { Array(0..<count) }
    func allowance(for transfer: Transfer, of count: Int) -> Int? { count }
    func spawnFailure() -> SpawnError? { nil }
}

@Suite struct CauseTests {
    /// - Parameter isSeen: Whether the loop looks at its posts before it looks at the descriptors.
    private func order(isSeen: Bool) throws -> [String] {
        let pipe = try Pipe()
        let writing = pipe.writing.raw
        let order = Mutex<[String]>([])
        let holder = Mutex<EventLoop?>(nil)
        let act: @Sendable () -> Void = {
            holder.withLock(\.self)?.post { order.withLock { $0.append("post") } }
            _ = Glibc.write(writing, "!", 1)
        }
        let moment = isSeen ? Moment {} : Moment(act)
        let loop = try EventLoop(simulation: moment)
        defer { loop.close() }
        holder.withLock { $0 = loop }
        try loop.addReader(pipe.reading.raw) {
            order.withLock { $0.append("report") }
            loop.stop()
        }
        if isSeen { act() }
        loop.run()
        return order.withLock(\.self)
    }

    @Test(arguments: [false, true])
    func `what was posted before a descriptor became ready runs before that is reported`(
        isSeen: Bool
    ) throws {
        #expect(try order(isSeen: isSeen) == ["post", "report"])
    }
}
