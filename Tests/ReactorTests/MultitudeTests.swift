import LinuxSystem
import Reactor
import ReactorTesting
import SystemTypes
import Testing

@Suite struct MultitudeTests {
    // In a process of its own, where every child is one of these, and descriptors suffice.
    @Test func `a thousand children at once each report their own end, once, and none is left`()
        async
    {
        await #expect(processExitsWith: .success) {
            _ = ProcessEnvironment.raiseDescriptorLimit()
            for loop in [try EventLoop(), try SimulatedLoop(seed: 3).loop] {
                let ends = try Multitude(of: 1_000, on: loop).live()
                #expect(ends == Array(repeating: 1, count: 1_000))
                #expect(Orphans.nextExited() == nil)
                #expect(ProcessTable.children(of: ProcessTable.current).isEmpty)
                #expect(loop.dump().hasSuffix("descriptors: 0\nchildren: 0"))
                loop.close()
            }
        }
    }
}

/// Children that all live until the last of them was spawned.
private final class Multitude {
    private let loop: EventLoop
    private var ends: [Int]
    private var left: Int

    init(of count: Int, on loop: EventLoop) {
        self.loop = loop
        ends = Array(repeating: 0, count: count)
        left = count
    }

    /// - Returns: How often the end of each was reported.
    func live() throws -> [Int] {
        let null = try Files.openNull()
        do {
            // The children wait for its end, which is when the last writer is gone.
            let pipe = try Pipe()
            for number in ends.indices { try start(number, (pipe.reading.raw, null.raw, null.raw)) }
            #expect(ProcessTable.children(of: ProcessTable.current).count == ends.count)
        }
        loop.run()
        return ends
    }

    private func start(_ number: Int, _ stdio: (CInt, CInt, CInt)) throws {
        let code = number % 256
        let request = SpawnRequest(
            candidates: ["/bin/sh"],
            arguments: ["sh", "-c", "read line; exit \(code)"],
            environment: []
        )
        _ = try loop.spawn(request, stdio: stdio) { [self] status in
            #expect(status == .exited(Int32(code)))
            ends[number] += 1
            left -= 1
            // One turn more for whoever reports twice.
            if left == 0 { loop.callSoon { [loop] in loop.stop() } }
        }
    }
}
