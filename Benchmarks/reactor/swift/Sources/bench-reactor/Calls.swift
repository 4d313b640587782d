import Bench
import LinuxSystem
import Reactor

enum Calls {
    /// Each call registers the next.
    static func chain(_ count: Int, isMeasuring: Bool = false) throws -> Double {
        let loop = try EventLoop()
        loop.isMeasuring = isMeasuring
        var left = count
        func call() {
            left -= 1
            if left > 0 { loop.callSoon(call) } else { loop.stop() }
        }
        loop.callSoon(call)
        loop.run()
        loop.close()
        Bench.expect(left == 0, "not all was called")
        return 0
    }

    /// Two loops on two threads; `count` is of round trips.
    static func pingPong(_ count: Int) throws -> Double {
        let court = Court(here: try EventLoop(), there: try EventLoop(), left: count)
        let thread = try Thread(name: "there") { court.there.run() }
        court.there.post { court.ping() }
        court.here.run()
        thread.join()
        court.here.close()
        court.there.close()
        return 0
    }
}

private final class Court: @unchecked Sendable {
    let here: EventLoop
    let there: EventLoop
    // Of the thread of `here` only.
    private var left: Int

    init(here: EventLoop, there: EventLoop, left: Int) {
        self.here = here
        self.there = there
        self.left = left
    }

    func ping() {
        here.post { self.pong() }
    }

    private func pong() {
        left -= 1
        guard left == 0 else { return there.post { self.ping() } }
        there.stop()
        here.stop()
    }
}
